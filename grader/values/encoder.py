"""Values to bytes, on either side. In the box it meets whatever a student returns."""

from collections.abc import Callable
from struct import pack
from typing import Any

from msgpack import ExtType, Packer

from grader.values.extensions import (
    ARRAY,
    CODE_OF_DTYPE,
    CODE_OF_SCALAR,
    COMPLEX,
    COMPLEX_PARTS,
    DOUBLE,
    FROZENSET,
    INTEGER,
    MARK,
    NDARRAY,
    OPAQUE,
    SCALAR,
    SET,
    TUPLE,
    span,
)
from grader.values.limits import (
    MAX_ARRAY_SPAN,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INT_BITS,
    MAX_ITEMS,
    MAX_KEYS,
    Excess,
    TooLarge,
)
from grader.values.opaque import Opaque, kind_of


def encode(value: object, max_bytes: int = MAX_BYTES) -> bytes:
    """Encode any value; what is not plain data becomes `Opaque`. Equal sets give equal bytes.

    The value itself, though not what it holds, may be of a kind that is nearly plain: see
    `plain_container`.

    Raises `TooLarge` when the value is over `max_bytes`, `MAX_ITEMS`, `MAX_DEPTH`,
    `MAX_KEYS` or `MAX_INT_BITS`, before it has cost more than a few times that.
    """
    if type(value) is float:
        return b"\xcb" + DOUBLE.pack(value)
    try:
        value = plain_container(value)
        _measure(value, max_bytes)
        data = _pack(value)
    except MemoryError:
        raise TooLarge(Excess.BYTES) from None
    except TooLarge:
        raise
    except _UNPACKABLE:
        return _pack(Opaque(kind_of(value)))
    if len(data) > max_bytes:
        raise TooLarge(Excess.BYTES)
    return data


def encode_trusted(value: object) -> bytes:
    """Encode, fast, what the judge itself has made or decoded: no limits, no checks."""
    return b"\xcb" + DOUBLE.pack(value) if type(value) is float else _pack(value)


def plain_container(value: Any) -> Any:
    """Return a list, tuple or dict of what a container of a nearly plain kind holds.

    That is a class that is derived from list, tuple or dict (a named tuple, an OrderedDict), a
    deque and an array of the module of that name. Whoever returns one has returned a sequence or
    a mapping. The methods are those of the built-in class, never the value's own.
    """
    cls = type(value)
    if cls is dict:
        return _with_plain_keys(value) if any(type(key) is not str for key in value) else value
    if type(cls) is not type or id(cls) in _PLAIN:
        return value
    if issubclass(cls, list):
        return list.__getitem__(value, slice(None))
    if issubclass(cls, tuple):
        return tuple(tuple.__iter__(value))
    if issubclass(cls, dict):
        return _with_plain_keys(dict(dict.items(value)))
    return list(value) if kind_of(value) in ("deque", "array") else value


def _with_plain_keys(value: dict[Any, Any]) -> Any:
    """Return a dict in which members of a `str` Enum are their text.

    Two keys that are no plain values would become the same one, so that such a dict is opaque.
    """
    plain = {_plain_key(key): entry for key, entry in value.items()}
    strange = sum(type(key) not in _PLAIN_KEYS for key in plain)
    return plain if strange < _TWO else Opaque("object")


def _plain_key(key: Any) -> Any:
    cls = type(key)
    known = cls is str or id(cls) in _PLAIN_KEY_IDS
    return str.__str__(key) if not known and issubclass(cls, str) else key


_TWO = 2
_PLAIN_KEYS = (str, bytes, int, float, bool, type(None), tuple, complex, frozenset)
_PLAIN_KEY_IDS = frozenset(map(id, _PLAIN_KEYS))


_UNPACKABLE = (ValueError, TypeError, BufferError, RuntimeError)
"""What the packer raises for a memoryview with gaps or a list that shrinks under its hands."""


def encodes_to(data: bytes, value: object) -> bool:
    """Tell whether `value` still is what `data` was decoded to, down to types and -0.0.

    Ten times faster than `encode`, for it does not measure: a value that was made endless
    ends in an error of the packer, and so in False.
    """
    try:
        return _pack(value) == data
    except (MemoryError, *_UNPACKABLE):
        return False


def _pack(value: object) -> bytes:
    # A new Packer each time costs 0.5 us more; one that is kept is not re-entrant.
    packer = Packer(default=_extend, strict_types=True, unicode_errors="backslashreplace")
    packed: bytes = packer.pack(value)
    return packed


def _extend(value: Any) -> object:
    """Say what msgpack cannot: called by the packer for every type that it does not know."""
    cls = type(value)
    if type(cls) is not type:  # a lookup would call its metaclass
        return ExtType(OPAQUE, kind_of(value).encode())
    if cls in CODE_OF_SCALAR:
        return ExtType(SCALAR, bytes([CODE_OF_SCALAR[cls]]) + value.tobytes())
    if cls is tuple:
        return [MARK[TUPLE], *value]
    if cls is NDARRAY:
        return _extend_array(value)
    if cls is int:
        return _extend_integer(value)
    if cls is complex:
        return ExtType(COMPLEX, COMPLEX_PARTS.pack(value.real, value.imag))
    if cls is set or cls is frozenset:
        # Sorted, so that the bytes do not depend on the order of insertion.
        return [MARK[SET if cls is set else FROZENSET], *sorted(value, key=_pack)]
    return ExtType(OPAQUE, kind_of(value).encode())


def _extend_integer(value: int) -> object:
    if value.bit_length() > MAX_INT_BITS:
        raise TooLarge(Excess.INTEGER)
    size = value.bit_length() // 8 + 1
    return ExtType(INTEGER, value.to_bytes(size, "little", signed=True))


def _extend_array(value: Any) -> object:
    code = CODE_OF_DTYPE.get(value.dtype.str[1:])
    if code is None:
        return ExtType(OPAQUE, kind_of(value).encode())
    if value.ndim > MAX_DIMENSIONS:
        raise TooLarge(Excess.DEPTH)
    if span(value.shape) > MAX_ARRAY_SPAN:
        raise TooLarge(Excess.ITEMS)
    header = pack(f"<BB{value.ndim}Q", code, value.ndim, *value.shape)
    little = value.astype(value.dtype.newbyteorder("<"), copy=False)
    return ExtType(ARRAY, header + little.tobytes())


_CONTAINERS = frozenset({list, tuple, dict, set, frozenset})
_SIZED: dict[type, Callable[[Any], int]] = {str: len, bytes: len, bytearray: len}
_MEASURED = frozenset(map(id, [*_CONTAINERS, *_SIZED, memoryview, NDARRAY]))
"""By id: hashing a class calls its metaclass, which may be the student's."""

_PLAIN = _MEASURED | frozenset(map(id, (type(None), bool, int, float, complex)))
"""Types that are no container of a nearly plain kind, as it takes long to find out."""


def _measure(value: object, max_bytes: int) -> None:
    """Raise `TooLarge` for a value that would be dear to pack: endless, deep, huge or a cycle.

    Breadth first, so that a cycle ends at the depth limit and a list that holds itself many
    times at the item limit. Numbers are not looked at: `max_bytes` is exact only afterwards.
    """
    items, size, keys = 1, 0, 0
    level = [value] if id(type(value)) in _MEASURED else []
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        for each in level:
            if type(each) in _CONTAINERS:
                children = _children(each)
                items += len(children)
                if items > MAX_ITEMS:
                    raise TooLarge(Excess.ITEMS)
                keys += _salted_apart(each)
                below += [child for child in children if id(type(child)) in _MEASURED]
            else:
                size += _size(each)
        if size > max_bytes:
            raise TooLarge(Excess.BYTES)
        if keys > MAX_KEYS:
            raise TooLarge(Excess.KEYS)
        level = below
        if not level:
            return
    if any(type(each) in _CONTAINERS for each in level):
        raise TooLarge(Excess.DEPTH)


def _children(container: Any) -> Any:
    if len(container) > MAX_ITEMS:
        raise TooLarge(Excess.ITEMS)
    if type(container) is dict:
        return [*container, *container.values()]
    return container


def _salted_apart(container: Any) -> int:
    """Count the keys whose hashes are not salted, hence predictable."""
    if type(container) is list or type(container) is tuple:
        return 0
    return sum(type(key) is not str and type(key) is not bytes for key in container)


def _size(value: Any) -> int:
    cls = type(value)
    return _SIZED[cls](value) if cls in _SIZED else value.nbytes
