"""Bytes to values. `decode` trusts nothing; `decode_trusted` is for the judge's own bytes."""

import math
from collections import Counter
from struct import unpack_from
from typing import Any

from msgpack import unpackb

from grader.values.extensions import (
    ARRAY,
    COMPLEX,
    COMPLEX_PARTS,
    DOUBLE,
    DTYPES,
    INTEGER,
    MARKER,
    OPAQUE,
    SCALAR,
    Marker,
    elements_of,
    span,
)
from grader.values.headers import walk
from grader.values.limits import (
    MAX_ARRAY_SPAN,
    MAX_DIMENSIONS,
    MAX_EQUAL_HASHES,
    MAX_INT_BITS,
    MAX_KEYS,
    DecodeLimits,
    Malformed,
)
from grader.values.opaque import KINDS, OWN_KIND, Opaque


def decode(data: bytes, limits: DecodeLimits = DecodeLimits()) -> Any:  # noqa: B008 (immutable)
    """Decode bytes that anyone may have written. Raises `Malformed`, and nothing else."""
    if len(data) == 9 and data[0] == 0xCB:
        return DOUBLE.unpack_from(data, 1)[0]
    walk(data, limits)
    builder = _Builder()
    try:
        return _unpack(data, builder.build_list, builder.build_dict)
    except Malformed:
        raise
    except (ValueError, TypeError, OverflowError) as error:
        raise Malformed(f"not a value: {type(error).__name__}") from None


def decode_trusted(data: bytes) -> Any:
    """Decode, fast, bytes that the judge itself has encoded: no limits, no checks."""
    return _unpack(data, _build_list, None)


def _unpack(data: bytes, build_list: Any, build_dict: Any) -> Any:
    return unpackb(
        data,
        strict_map_key=False,
        list_hook=build_list,
        object_pairs_hook=build_dict,
        ext_hook=_read_extension,
    )


def _build_list(items: list[Any]) -> Any:
    if items and type(items[0]) is Marker:
        return items[0].build(items[1:])
    return items


class _Builder:
    """Builds the containers of one hostile message; counts the keys that it hashes."""

    def __init__(self) -> None:
        self._keys = 0

    def build_list(self, items: list[Any]) -> Any:
        if not items or type(items[0]) is not Marker:
            return items
        build, members = items[0].build, items[1:]
        if build is not tuple:
            self._admit(members)
        container = build(members)
        if len(container) != len(members):
            raise Malformed("a set holds a value twice")
        return container

    def build_dict(self, pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
        self._admit([key for key, _ in pairs])
        mapping = dict(pairs)
        if len(mapping) != len(pairs):
            raise Malformed("a dict has a key twice")
        return mapping

    def _admit(self, keys: list[Any]) -> None:
        """Refuse keys whose hashes may have been chosen to collide."""
        predictable = [key for key in keys if type(key) is not str and type(key) is not bytes]
        if not predictable:
            return
        self._keys += len(predictable)
        if self._keys > MAX_KEYS:
            raise Malformed(f"more than {MAX_KEYS} keys that are not strings")
        if max(Counter(map(hash, predictable)).values()) > MAX_EQUAL_HASHES:
            raise Malformed("too many keys with equal hashes")


def _read_extension(code: int, data: bytes) -> Any:
    if code in MARKER:
        return MARKER[code]
    return _READERS[code](data)


def _read_complex(data: bytes) -> complex:
    if len(data) != COMPLEX_PARTS.size:
        raise Malformed("a complex number has two doubles")
    return complex(*COMPLEX_PARTS.unpack(data))


def _read_integer(data: bytes) -> int:
    if not 0 < len(data) <= MAX_INT_BITS // 8 + 1:
        raise Malformed(f"an integer of {len(data)} bytes")
    return int.from_bytes(data, "little", signed=True)


def _read_scalar(data: bytes) -> Any:
    elements = _read_elements(_at_least(data, 2)[0], data, 1)
    if elements.size != 1:
        raise Malformed(f"{elements.size} numbers where one is due")
    return elements[0]


def _read_array(data: bytes) -> Any:
    code, dimensions = unpack_from("<BB", _at_least(data, 2))
    start = 2 + 8 * dimensions
    shape = unpack_from(f"<{dimensions}Q", _at_least(data, start), 2)
    elements = _read_elements(code, data, start)
    if dimensions > MAX_DIMENSIONS or span(shape) > MAX_ARRAY_SPAN:
        raise Malformed("an array of too many or too long dimensions")
    if math.prod(shape) != elements.size:
        raise Malformed(f"an array of {elements.size} elements, with a shape of another size")
    # A copy: what frombuffer makes is read-only and keeps the whole message alive.
    return elements.reshape(shape).copy()


def _at_least(data: bytes, size: int) -> bytes:
    if len(data) < size:
        raise Malformed("a number or an array without its header")
    return data


def _read_elements(code: int, data: bytes, start: int) -> Any:
    if code >= len(DTYPES):
        raise Malformed("an unknown dtype")
    try:
        return elements_of(DTYPES[code], data, start)
    except ValueError as error:
        raise Malformed(str(error)) from None


def _read_opaque(data: bytes) -> Opaque:
    kind = data.decode("ascii", "replace")
    return Opaque(kind if kind in KINDS else OWN_KIND)


_READERS = {
    COMPLEX: _read_complex,
    INTEGER: _read_integer,
    SCALAR: _read_scalar,
    ARRAY: _read_array,
    OPAQUE: _read_opaque,
}
