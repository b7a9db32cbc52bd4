"""What is added to msgpack: the codes of its extension types and the dtypes of arrays."""

import math
import struct
from typing import Any

import msgpack

try:
    from grader.values.with_numpy import NDARRAY, SCALARS, SELF_NAMED, elements_of
except ImportError:  # as it is wanted in the cell of a language without arrays
    from grader.values.without_numpy import NDARRAY, SCALARS, SELF_NAMED, elements_of

__all__ = [
    "ARRAY",
    "CODE_OF_DTYPE",
    "CODE_OF_SCALAR",
    "COMPLEX",
    "COMPLEX_PARTS",
    "DOUBLE",
    "DTYPES",
    "FROZENSET",
    "INTEGER",
    "MARK",
    "MARKER",
    "NDARRAY",
    "OPAQUE",
    "SCALAR",
    "SELF_NAMED",
    "SET",
    "TUPLE",
    "Marker",
    "elements_of",
    "span",
]

TUPLE, SET, FROZENSET, COMPLEX, INTEGER, SCALAR, ARRAY, OPAQUE = range(1, 9)

_ELEMENT_BYTES = {
    "b": (1,),
    "i": (1, 2, 4, 8),
    "u": (1, 2, 4, 8),
    "f": (2, 4, 8, 16),
    "c": (8, 16, 32),
}
DTYPES = tuple(f"{kind}{size}" for kind, sizes in _ELEMENT_BYTES.items() for size in sizes)
"""The dtypes that may cross, as numpy writes them less the byte order, which is little."""

CODE_OF_DTYPE = {name: code for code, name in enumerate(DTYPES)}
CODE_OF_SCALAR: dict[type, int] = {
    scalar: CODE_OF_DTYPE[dtype] for scalar, dtype in SCALARS.items() if dtype in CODE_OF_DTYPE
}
DOUBLE = struct.Struct(">d")
COMPLEX_PARTS = struct.Struct("<dd")


class Marker:
    """The decoded first element of an array that is really a tuple, set or frozenset."""

    __slots__ = ("build",)

    def __init__(self, build: type[tuple[Any, ...] | set[Any] | frozenset[Any]]) -> None:
        self.build = build


MARK = {code: msgpack.ExtType(code, b"") for code in (TUPLE, SET, FROZENSET)}
MARKER = {TUPLE: Marker(tuple), SET: Marker(set), FROZENSET: Marker(frozenset)}


def span(shape: tuple[int, ...]) -> int:
    """Multiply an array's dimensions, leaving out zeros (see `limits.MAX_ARRAY_SPAN`)."""
    return math.prod(size for size in shape if size)
