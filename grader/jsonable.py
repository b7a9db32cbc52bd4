"""Values in JSON's own types, whatever the codec brought: for machine-readable reports. Pure.

A returned value is a student's. It may have no form in JSON (a set, a long double), one that
Python refuses to write (an integer of 4300 digits) or one out of all proportion to its bytes
(an array of 16 million empty rows has none), so `shown` bounds it before it is looked at.
Only values that the codec made come here, never a live object.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pydantic_core

from grader.mismatch import a_kind
from grader.values import Opaque

_MOST_SHOWN = 5_000
"""Items that a report shows of a student's value; so many characters of a text count as one."""
_CHARACTERS_AN_ITEM = 16
_PRINTABLE_BITS = 1024
_FLOATS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def shown(value: Any) -> Any:
    """Return a student's value for JSON: itself, or a sentence where it is too large to show."""
    if type(value) is not float and _is_larger(value, _MOST_SHOWN):
        return f"{a_kind(value)} that is too large to show"
    return plain(value)


def plain(value: Any) -> Any:
    """Return `value` in JSON's own types.

    JSON has no NaN and no infinity: they become the strings "NaN", "Infinity" and
    "-Infinity". Arrays, tuples and sets become lists (a set a sorted one), long doubles
    doubles; what is no plain data becomes "<its kind>", anything else its `repr`.
    """
    # Nearly all of it is floats in records: `type` tells these in half the time.
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else _plain_float(value)
    if kind is dict:
        return {
            key if type(key) is str else _plain_key(key): plain(entry)
            for key, entry in value.items()
        }
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        bits = value.bit_length()
        return int(value) if bits < _PRINTABLE_BITS else f"an integer of {bits} bits"
    if isinstance(value, float):
        return _plain_float(float(value))
    if isinstance(value, np.ndarray | np.generic):
        return plain(_in_python_types(value))
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(entry) for entry in value), key=json.dumps)
    if isinstance(value, Mapping):
        return {_plain_key(key): plain(entry) for key, entry in value.items()}
    return f"<{value.kind}>" if isinstance(value, Opaque) else repr(value)


def line(value: Any) -> bytes:
    r"""Return plain JSON types as one line of ASCII, without blanks.

    By pydantic's serializer, which takes a thirtieth of the time of `json` where there are many
    floats. What is not ASCII becomes an escape, for a terminal may act on it; `json` writes the
    rare text that has a lone surrogate.

    >>> line({"a": [1.5, None], "b": "\u202e"})
    b'{"a":[1.5,null],"b":"\\u202e"}'
    """
    try:
        text: bytes = pydantic_core.to_json(value, inf_nan_mode="strings")
    except pydantic_core.PydanticSerializationError:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")
    if text.isascii():
        return text
    return _NOT_ASCII.sub(_escaped, text.decode()).encode("ascii")


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def revived(value: Any) -> Any:
    """Return a value that was read from JSON with its NaN and infinities as floats again.

    >>> revived({"w": ["NaN", 1.5]})
    {'w': [nan, 1.5]}
    """
    if isinstance(value, str):
        return _FLOATS.get(value, value)
    if isinstance(value, list):
        return [revived(entry) for entry in value]
    if isinstance(value, dict):
        return {key: revived(entry) for key, entry in value.items()}
    return value


def _plain_key(key: Any) -> str:
    text = plain(key)
    return text if isinstance(text, str) else repr(text)


def _plain_float(value: float) -> float | str:
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _in_python_types(value: Any) -> Any:
    """Return an array as lists, a numpy scalar as Python's own; `tolist` keeps long doubles."""
    with np.errstate(over="ignore"):
        if value.dtype.char == np.longdouble(0).dtype.char:
            value = value.astype(np.float64)
        elif value.dtype.char == np.clongdouble(0).dtype.char:
            value = value.astype(np.complex128)
    return value.tolist()


def _is_larger(value: Any, most: int) -> bool:
    """Tell whether a value has more than `most` items; looks at no more than it must."""
    left = most
    waiting = [value]
    while waiting:
        each = waiting.pop()
        left -= _own_items(each)
        if left < 0:
            return True
        waiting += _entries(each)
    return False


def _own_items(value: Any) -> int:
    """Count what a value holds directly; what its entries hold is theirs."""
    if isinstance(value, str | bytes):
        return len(value) // _CHARACTERS_AN_ITEM
    if isinstance(value, np.ndarray):
        return _lists_and_numbers(value.shape)
    return len(value) if isinstance(value, list | tuple | set | frozenset | Mapping) else 0


def _lists_and_numbers(shape: tuple[int, ...]) -> int:
    """Count what `tolist` would make of an array: rows count, though they may be empty."""
    count, rows = 0, 1
    for size in shape:
        rows *= size
        count += rows
    return count


def _entries(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list | tuple | set | frozenset) else ()
