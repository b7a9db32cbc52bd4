"""What a cell's two sockets carry, beneath the meaning of any message. Values only.

The control socket, judge to zygote: the start message (JSON), then `FORK_REQUEST` with one
descriptor, `INTERRUPT` or `KILL`. Zygote to judge: the hello (JSON), then one `ENDED` for
each fork.

The channel, judge and confined process: the process writes `READY` once it is confined;
then every message is a frame, `HEADER` and a payload. What payloads mean is `wire`'s; here
nothing is imported, so that a cell can be started before numpy is.
"""

import struct

FORK = b"F"
INTERRUPT = b"I"
KILL = b"K"

FORK_REQUEST = struct.Struct("<ciqqi")
"""`FORK`, the driver's index, then the kernel's limits: CPU seconds, bytes, threads."""

ENDED = struct.Struct("<idd?")
"""Wait status, user and system CPU seconds, whether it had ended before it was told to."""

MAX_MESSAGE = 1 << 18
"""A longer message is cut off by the socket, so a start message must stay below."""

READY = b"\x01"

HEADER = struct.Struct("<II")
"""Sequence of the frame, length of the payload that follows."""
