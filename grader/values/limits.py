"""The bounds on a value, and how going over one is said."""

from enum import StrEnum
from typing import NamedTuple

MAX_BYTES = 1 << 20
MAX_ITEMS = 200_000
MAX_DEPTH = 64
MAX_KEYS = 4096
"""Keys of dicts and sets other than str and bytes, whose hashes are salted, in one message."""
MAX_EQUAL_HASHES = 64
MAX_INT_BITS = 1 << 17
MAX_DIMENSIONS = 32
MAX_ARRAY_SPAN = 1 << 24
"""Bound on the product of an array's dimensions, zeros left out: (0, 2**40) has no bytes,
but a sum along its first axis has 2**40."""


class Excess(StrEnum):
    """Which bound a value (or a program's output) went over."""

    BYTES = "bytes"
    ITEMS = "items"
    DEPTH = "depth"
    KEYS = "keys"
    INTEGER = "integer"
    PRINTS = "prints"


class Malformed(ValueError):
    """Bytes that `encode` could not have written, or not within the limits."""


class TooLarge(ValueError):
    """A value that is over a bound and was not encoded; `excess` says over which."""

    def __init__(self, excess: Excess) -> None:
        super().__init__(f"the value has too many {excess}")
        self.excess = excess


class DecodeLimits(NamedTuple):
    """What `decode` accepts. An item is a value, at whatever depth, or a key."""

    max_bytes: int = MAX_BYTES
    max_items: int = MAX_ITEMS
    max_depth: int = MAX_DEPTH
