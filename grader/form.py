"""A student's value in plain Python numbers, for functions that authors write. Pure.

A predicate of a spec must not meet a string where it expects a number: that would be a fault
in a checker, and nobody's mark. So a value is first held against the structure of the
reference's answer, walking along it, and rebuilt from numbers that are surely finite floats.
"""

import math
from typing import Any

import numpy as np

from grader.agreement import number
from grader.mismatch import (
    Mismatch,
    a_kind,
    wrong_keys,
    wrong_length,
    wrong_number,
    wrong_shape,
    wrong_type,
)


class Unlike(Exception):
    """The value has not the form that was wanted; `mismatch` says where and why."""

    def __init__(self, mismatch: Mismatch) -> None:
        super().__init__(mismatch.public)
        self.mismatch = mismatch


def plain_form(actual: Any, desired: Any, at: str = "") -> Any:
    """Return `actual` in the structure of `desired`: floats, lists, dicts, float64 arrays.

    Raises `Unlike` where the structure is another, a number is not finite (as a float), or what
    is no number in `desired` (text, None, a boolean) is of another kind.
    """
    if type(desired) is dict:
        return _mapping(actual, desired, at)
    if type(desired) in (list, tuple):
        return _sequence(actual, desired, at)
    if type(desired) is np.ndarray and desired.ndim:
        return _array(actual, desired, at)
    wanted = number(desired)
    if wanted is None:
        return _other(actual, desired, at)
    value = number(actual)
    if value is None:
        raise Unlike(wrong_type(actual, "a number", at))
    if not math.isfinite(value):
        raise Unlike(wrong_number(value, wanted, at))
    return value


def _other(actual: Any, desired: Any, at: str) -> Any:
    """Pass on what is no number, if it is of the same kind: text, bytes, a boolean, None."""
    kind, wanted = type(actual), type(desired)
    if np.bool_ in (kind, wanted) and {kind, wanted} <= {bool, np.bool_}:
        return bool(actual)
    if kind is not wanted:
        raise Unlike(wrong_type(actual, a_kind(desired), at))
    return actual


def _mapping(actual: Any, desired: dict[Any, Any], at: str) -> dict[Any, Any]:
    if type(actual) is not dict:
        raise Unlike(wrong_type(actual, "a dict", at))
    if actual.keys() != desired.keys():
        raise Unlike(wrong_keys(actual, desired, at))
    return {key: plain_form(actual[key], entry, f"{at}[{key!r}]") for key, entry in desired.items()}


def _sequence(actual: Any, desired: Any, at: str) -> list[Any]:
    if type(actual) not in (list, tuple) and not (type(actual) is np.ndarray and actual.ndim):
        raise Unlike(wrong_type(actual, f"a {type(desired).__name__}", at))
    if len(actual) != len(desired):
        raise Unlike(wrong_length(len(actual), len(desired), at))
    pairs = zip(actual, desired, strict=True)
    return [plain_form(one, wanted, f"{at}[{i}]") for i, (one, wanted) in enumerate(pairs)]


def _array(actual: Any, desired: Any, at: str) -> Any:
    if desired.dtype.kind == "b":
        if type(actual) is not np.ndarray or actual.dtype.kind != "b":
            raise Unlike(wrong_type(actual, "an array of booleans", at))
        if actual.shape != desired.shape:
            raise Unlike(wrong_shape(actual.shape, desired.shape, at))
        return actual
    if type(actual) is not np.ndarray or actual.dtype.kind not in "iuf":
        raise Unlike(wrong_type(actual, "an array of numbers", at))
    if actual.shape != desired.shape:
        raise Unlike(wrong_shape(actual.shape, desired.shape, at))
    with np.errstate(over="ignore"):
        plain = actual.astype(np.float64)
    for index in map(tuple, np.argwhere(~np.isfinite(plain)).tolist()):
        place = f"{at}[{', '.join(map(str, index))}]"
        raise Unlike(wrong_number(float(plain[index]), float(desired[index]), place))
    return plain


def in_the_form_of(value: Any, like: Any) -> Any:
    """Return lists as the tuples and arrays that `like` has in their places.

    For what comes from a language that has lists alone. What is no table of numbers stays what it
    is, and so does whatever has another structure.
    """
    if type(value) is dict and isinstance(like, dict):
        return {key: in_the_form_of(entry, like.get(key)) for key, entry in value.items()}
    if type(value) is not list:
        return value
    if isinstance(like, np.ndarray):
        return _as_array(value, like)
    if isinstance(like, list | tuple):
        if len(value) == len(like):
            value = [in_the_form_of(*pair) for pair in zip(value, like, strict=True)]
        return tuple(value) if isinstance(like, tuple) else value
    return value


def _as_array(value: list[Any], like: Any) -> Any:
    try:
        array = np.array(value)
    except ValueError:  # rows of different lengths
        return value
    if array.dtype.kind not in "iuf":
        return value
    if not array.size and not like.size:
        # An array of the shape (0, 3) is written as one of no rows.
        return np.zeros(like.shape)
    whole = array.dtype.kind in "iu" and like.dtype.kind in "iu"
    return array if whole else array.astype(np.float64)
