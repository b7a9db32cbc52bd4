"""The messages on a cell's control socket, for both of its ends. Values only.

Judge to zygote: the start message (JSON), then `FORK_REQUEST` with one descriptor, or `KILL`.
Zygote to judge: the hello (JSON), then one `ENDED` for each fork, however it ended.
"""

import struct

FORK = b"F"
KILL = b"K"

FORK_REQUEST = struct.Struct("<ciqqi")
"""`FORK`, the driver's index, then the kernel's limits: CPU seconds, bytes, threads."""

ENDED = struct.Struct("<idd")
"""Wait status, user CPU seconds, system CPU seconds."""

MAX_MESSAGE = 1 << 18
"""A longer message is cut off by the socket, so a start message must stay below."""
