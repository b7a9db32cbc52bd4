"""How a value relates to an answer that it was not asked for. Pure arithmetic, no sentences.

`grader.compare` says whether a value is right. Here a wrong one is held against other answers:
what a program with a known mistake gives, or the right one flipped, doubled or rounded. The
tolerance is that of the case; where the other answer is larger than the case's error scale, its
own size sets the scale.
"""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

import numpy as np

from grader.compare import compare
from grader.errors import AuthorError
from grader.scale import OVERFLOW
from grader.spec import Tolerance

Triple = tuple[Any, Any, Any]
"""A case's actual value, desired value and error scale."""

_MOST_DIGITS = 8


class Relation(StrEnum):
    """What was done to every right answer to get the submission's."""

    FLIPPED = "flipped"
    DOUBLED = "doubled"
    HALVED = "halved"
    ROUNDED = "rounded"
    TRUNCATED = "truncated"


def number(value: Any) -> float | None:
    """Return what counts as a number as a float, anything else as None; never raises.

    >>> number(2), number(np.float32(0.5)), number(np.array(1)), number(True), number("2")
    (2.0, 0.5, 1.0, None, None)
    """
    if value is OVERFLOW:
        return math.inf
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value[()]
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def agrees(actual: Any, answer: Any, scale: Any, tolerance: Tolerance) -> bool:
    """Tell whether `actual` is `answer`; past the largest float all ways of running away agree."""
    one, other = number(actual), number(answer)
    if one is not None and other is not None and not (math.isfinite(one) and math.isfinite(other)):
        return not math.isfinite(one) and not math.isfinite(other)
    try:
        return compare(actual, answer, _widened(scale, answer), tolerance) is None
    except AuthorError:
        # Nothing compares this answer of a variant's; an explanation must not cost a mark.
        return False


def relation(cases: Sequence[Triple], tolerance: Tolerance) -> Relation | None:
    """Return the first relation that holds in every case; None unless all desired are numbers.

    That a value other than 0 came back at all is required: a constant 0 is no rounding.
    """
    if not any(number(actual) for actual, _, _ in cases):
        return None
    for name, make in _RELATIONS:
        if all(_holds(make, case, tolerance) for case in cases):
            return name
    return None


def _holds(make: Callable[[float], float], case: Triple, tolerance: Tolerance) -> bool:
    actual, desired, scale = case
    right = number(desired)
    return (
        right is not None and math.isfinite(right) and agrees(actual, make(right), scale, tolerance)
    )


def _rounder(digits: int) -> Callable[[float], float]:
    return lambda right: round(right, digits)


_RELATIONS: tuple[tuple[Relation, Callable[[float], float]], ...] = (
    (Relation.FLIPPED, lambda right: -right),
    (Relation.DOUBLED, lambda right: 2 * right),
    (Relation.HALVED, lambda right: right / 2),
    *((Relation.ROUNDED, _rounder(digits)) for digits in range(_MOST_DIGITS, -1, -1)),
    (Relation.TRUNCATED, lambda right: float(math.trunc(right))),
)


def _widened(scale: Any, answer: Any) -> Any:
    """Return an error scale of the structure of `answer`, nowhere below its own finite size."""
    if isinstance(answer, list | tuple):
        same = isinstance(scale, list | tuple) and len(scale) == len(answer)
        return [_widened(*pair) for pair in zip(scale if same else answer, answer, strict=True)]
    if isinstance(answer, dict):
        known = scale if isinstance(scale, dict) else {}
        return {key: _widened(known.get(key), entry) for key, entry in answer.items()}
    if isinstance(answer, np.ndarray) and answer.ndim and answer.dtype.kind in "iuf":
        same = isinstance(scale, np.ndarray) and scale.shape == answer.shape
        return np.maximum(_sizes(answer), scale if same else 0.0)
    size, floor = number(answer) or 0.0, number(scale) or 0.0
    return max(abs(size), floor) if math.isfinite(size) else floor


def _sizes(array: Any) -> Any:
    return np.where(np.isfinite(array), np.abs(array.astype(float)), 0.0)
