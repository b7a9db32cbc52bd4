"""What is wrong with a value, in sentences: what was expected, what came, what to do.

`Mismatch.public` may be said of a hidden case; `Mismatch.detail` may not. The texts are short
however large the values are.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from grader.values import Opaque


class MismatchKind(StrEnum):
    """What is the matter with a value."""

    TYPE = "type"
    SHAPE = "shape"
    KEYS = "keys"
    NAN = "nan"
    INFINITE = "infinite"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why a value was not accepted.

    `public` speaks of kinds, lengths and shapes only. `detail` also tells the place and the
    values, the student's and the desired one.
    """

    kind: MismatchKind
    public: str
    detail: str


_SHOWN = 60
"""Characters of a string that a message shows."""

_SHOWN_BITS = 128
"""Bits of an int that a message shows; Python refuses to print more than 4300 digits at all."""

_SHOWN_KEYS = 5

_NAMES: dict[type, str] = {
    type(None): "None",
    bool: "a boolean",
    np.bool_: "a boolean",
    str: "a string",
    bytes: "a string of bytes",
    int: "a number",
    float: "a number",
    complex: "a complex number",
    list: "a list",
    tuple: "a tuple",
    dict: "a dict",
    set: "a set",
    frozenset: "a frozenset",
}

# What to do where a number was expected, by the name of what came.
_ADVICE = {
    "None": "return the result; a function without `return` gives None",
    "a boolean": "True and False do not count as numbers",
    "a string": "return the number itself, not a text that shows it",
    "a complex number": "return a real number",
    "a Decimal": "return float(...) of it",
    "a Fraction": "return float(...) of it",
    "a function": "call it and return what it gives",
    "a generator": "take the number out of it and return that",
    "a list": "return the number alone, without a list around it",
    "a tuple": "return the number alone; a comma after it makes a tuple",
    "a dict": "return the number alone, without a dict around it",
    "an array": "return the number alone, such as array.item() of an array with one number",
}


def a_kind(value: Any) -> str:
    """Name the kind of a value with its article, without calling anything of its own.

    >>> a_kind("2"), a_kind(Opaque("Decimal")), a_kind(np.zeros(3))
    ('a string', 'a Decimal', 'an array')
    """
    kind = type(value)
    if kind is Opaque:
        if value.kind == "object":
            return "an object of a class that is no plain value"
        return f"{'an' if value.kind[0] in 'aeiou' else 'a'} {value.kind}"
    if kind is np.ndarray:
        return "an array" if value.ndim else "an array without dimensions"
    if issubclass(kind, np.complexfloating):
        return "a complex number"
    if issubclass(kind, np.integer | np.floating) and kind.__module__ == "numpy":
        return "a number"
    return _NAMES.get(kind, "an object of a class that is no plain value")


def show(value: Any) -> str:
    """Return a value as a short text; containers and what is not plain by their kind alone."""
    kind = type(value)
    if kind is int:
        bits = value.bit_length()
        return repr(value) if bits <= _SHOWN_BITS else f"an integer of {bits} bits"
    if kind in (str, bytes):
        return repr(value) if len(value) <= _SHOWN else f"{value[:_SHOWN]!r}..."
    if kind in (float, bool, type(None)):
        return repr(value)
    if a_kind(value) == "a number" or kind is np.bool_:
        return str(value)
    return a_kind(value)


def wrong_type(actual: Any, expected: str, at: str) -> Mismatch:
    """Say that `expected` ("a number", "a list", ...) was expected and something else came."""
    came = a_kind(actual)
    advice = _ADVICE.get(came) if expected == "a number" else None
    text = f"expected {expected}, got {came}; {advice or f'return {expected}'}"
    shown = show(actual)
    more = f" (it is {shown})" if shown != came else ""
    return Mismatch(MismatchKind.TYPE, text, f"{_place(at)}{text}{more}")


def wrong_length(actual: int, desired: int, at: str) -> Mismatch:
    """Say that a sequence has the wrong number of entries."""
    text = f"expected {_entries(desired)}, got {_entries(actual)}"
    return Mismatch(MismatchKind.SHAPE, text, _place(at) + text)


def wrong_shape(actual: tuple[int, ...], desired: tuple[int, ...], at: str) -> Mismatch:
    """Say that an array has the wrong shape."""
    text = f"expected an array of shape {desired}, got one of shape {actual}"
    return Mismatch(MismatchKind.SHAPE, text, _place(at) + text)


def wrong_dtype(actual: np.dtype[Any], desired: np.dtype[Any], at: str) -> Mismatch:
    """Say that an array of floats was expected and one of integers came."""
    text = (
        f"expected an array of floats ({desired}), got one of integers ({actual}); make the array "
        "with dtype=float, or fractions will be cut off somewhere"
    )
    return Mismatch(MismatchKind.TYPE, text, _place(at) + text)


def wrong_keys(actual: dict[Any, Any], desired: dict[Any, Any], at: str) -> Mismatch:
    """Say that a dict has other keys."""
    missing = [key for key in desired if key not in actual]
    extra = [key for key in actual if key not in desired]
    text = (
        f"expected a dict with other keys: {len(missing)} of {len(desired)} are missing, and "
        f"{len(extra)} should not be there"
    )
    detail = f"missing: {_some(missing)}; not expected: {_some(extra)}"
    return Mismatch(MismatchKind.KEYS, text, f"{_place(at)}{text}; {detail}")


def wrong_number(actual: float, desired: float, at: str) -> Mismatch:
    """Say that a number is not the desired one, or not even finite."""
    detail = f"{_place(at)}expected {show(desired)}, got {show(actual)}"
    if isinstance(desired, float) and not math.isfinite(desired):
        kind = MismatchKind.NAN if math.isnan(desired) else MismatchKind.INFINITE
        return Mismatch(kind, "a number is not infinite or NaN where it should be", detail)
    if isinstance(actual, float) and math.isnan(actual):
        text = "expected a finite number, got NaN; look for 0/0, inf - inf or an unset value"
        return Mismatch(MismatchKind.NAN, text, detail)
    if isinstance(actual, float) and math.isinf(actual):
        text = "expected a finite number, got an infinity; look for a division by 0 or a run away"
        return Mismatch(MismatchKind.INFINITE, text, detail)
    return Mismatch(MismatchKind.VALUE, "a number is not the expected one", detail)


def wrong_value(actual: Any, desired: Any, at: str) -> Mismatch:
    """Say that a value of the right kind, and no number, is not the desired one."""
    text = f"expected another value: it is {a_kind(actual)}, as it should be, but not the right one"
    detail = f"{_place(at)}expected {show(desired)}, got {show(actual)}"
    return Mismatch(MismatchKind.VALUE, text, detail)


def not_overflowed(actual: Any) -> Mismatch:
    """Say that a number came where everything overflows."""
    text = "expected inf, nan or an OverflowError: the numbers grow beyond what a float can hold"
    return Mismatch(MismatchKind.VALUE, text, f"{text}; got {show(actual)}")


def _place(at: str) -> str:
    return f"at result{at}: " if at else ""


def _entries(count: int) -> str:
    return f"{count} entry" if count == 1 else f"{count} entries"


def _some(keys: list[Any]) -> str:
    shown = ", ".join(show(key) for key in keys[:_SHOWN_KEYS]) or "none"
    return f"{shown}, ..." if len(keys) > _SHOWN_KEYS else shown
