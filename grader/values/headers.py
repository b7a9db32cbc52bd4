"""A walk over the headers of encoded bytes, before anything is decoded or allocated."""

from grader.values.extensions import ARRAY, COMPLEX, INTEGER, MARK, OPAQUE, SCALAR
from grader.values.limits import DecodeLimits, Malformed


def _leaf_widths() -> list[int]:
    """Total bytes of the value that starts with a given byte; 0 where that byte does not tell."""
    widths = [0] * 256
    for first in (*range(0x80), 0xC0, 0xC2, 0xC3, *range(0xE0, 0x100)):
        widths[first] = 1
    for first in range(0xA0, 0xC0):
        widths[first] = 1 + (first & 0x1F)
    for first, width in ((0xCA, 5), (0xCB, 9), (0xCC, 2), (0xCD, 3), (0xCE, 5), (0xCF, 9)):
        widths[first] = width
    for first, width in ((0xD0, 2), (0xD1, 3), (0xD2, 5), (0xD3, 9)):
        widths[first] = width
    return widths


_WIDTH = _leaf_widths()
_LENGTH_BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
_ARRAY_LENGTH_BYTES = {0xDC: 2, 0xDD: 4}
_MAP_LENGTH_BYTES = {0xDE: 2, 0xDF: 4}
_EXT_LENGTH_BYTES = {0xC7: 1, 0xC8: 2, 0xC9: 4}
_FIXED_EXT = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_EXT_CODES = frozenset({COMPLEX, INTEGER, SCALAR, ARRAY, OPAQUE})


def walk(data: bytes, limits: DecodeLimits) -> None:
    """Raise `Malformed` unless `data` is one whole value within the limits. Allocates nothing."""
    if len(data) > limits.max_bytes:
        raise Malformed(f"{len(data)} bytes, where {limits.max_bytes} are allowed")
    try:
        end = _walk_headers(data, limits)
    except IndexError:
        raise Malformed("the bytes end within a value") from None
    if end != len(data):
        raise Malformed("the bytes go on after the value, or end within it")


def _walk_headers(data: bytes, limits: DecodeLimits) -> int:
    position, items, pending = 0, 1, 1
    outer: list[int] = []
    while True:
        if not pending:
            if not outer:
                return position
            pending = outer.pop()
            continue
        pending -= 1
        first = data[position]
        width = _WIDTH[first]
        if width:
            position += width
            continue
        position, count = _open(data, position, first)
        if count < 0:
            continue
        items += count
        if items > limits.max_items:
            raise Malformed(f"more than {limits.max_items} items")
        outer.append(pending)
        if len(outer) > limits.max_depth:
            raise Malformed(f"nested deeper than {limits.max_depth}")
        pending = count


def _open(data: bytes, position: int, first: int) -> tuple[int, int]:
    """Return where to go on and how many values follow as content; -1 when it is no container."""
    if first < 0x90:
        return position + 1, 2 * (first & 0x0F)
    if first < 0xA0:
        return _open_array(data, position + 1, first & 0x0F)
    if first in _LENGTH_BYTES:
        start = position + 1 + _LENGTH_BYTES[first]
        return start + _number(data, position + 1, start), -1
    if first in _ARRAY_LENGTH_BYTES:
        start = position + 1 + _ARRAY_LENGTH_BYTES[first]
        return _open_array(data, start, _number(data, position + 1, start))
    if first in _MAP_LENGTH_BYTES:
        start = position + 1 + _MAP_LENGTH_BYTES[first]
        return start, 2 * _number(data, position + 1, start)
    return _skip_extension(data, position, first), -1


def _open_array(data: bytes, start: int, count: int) -> tuple[int, int]:
    """An empty extension as first element makes the array a tuple or a set; it is not an item."""
    if count and data[start] == 0xC7 and data[start + 1] == 0 and data[start + 2] in MARK:
        return start + 3, count - 1
    return start, count


def _skip_extension(data: bytes, position: int, first: int) -> int:
    if first in _FIXED_EXT:
        start, size = position + 1, _FIXED_EXT[first]
    elif first in _EXT_LENGTH_BYTES:
        start = position + 1 + _EXT_LENGTH_BYTES[first]
        size = _number(data, position + 1, start)
    else:
        raise Malformed(f"byte {first:#04x} starts no value")
    if data[start] not in _EXT_CODES:
        raise Malformed(f"extension type {data[start]} is unknown or out of place")
    return start + 1 + size


def _number(data: bytes, start: int, stop: int) -> int:
    if stop > len(data):
        raise IndexError
    return int.from_bytes(data[start:stop], "big")
