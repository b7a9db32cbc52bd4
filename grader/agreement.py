"""How a value relates to an answer that it was not asked for. Pure arithmetic, no sentences.

`grader.compare` says whether a value is right. Here a wrong one is held against other answers:
what a program with a known mistake gives, or the right one flipped, doubled or rounded. The
tolerance is that of the case; where the other answer is larger than the case's error scale, its
own size sets the scale.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from grader.compare import compare
from grader.errors import AuthorError
from grader.scale import OVERFLOW, Raising
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
    REVERSED = "reversed"
    TRANSPOSED = "transposed"
    SCALED = "scaled"
    OFFSET = "offset"


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
    if type(actual) is float and type(answer) is float and type(scale) is float:
        size = max(scale, abs(answer))  # nearly always, so it comes first
        if abs(actual - answer) <= tolerance.rtol * size + tolerance.atol < math.inf:
            return True
    if isinstance(actual, Raising) or isinstance(answer, Raising):
        return _raised(actual) is not None and _raised(actual) == _raised(answer)
    one, other = number(actual), number(answer)
    if one is not None and other is not None and not (math.isfinite(one) and math.isfinite(other)):
        return not math.isfinite(one) and not math.isfinite(other)
    try:
        if compare(actual, answer, _widened(scale, answer), tolerance) is None:
            return True
    except AuthorError:
        # Nothing compares this answer of a variant's; an explanation must not cost a mark.
        return False
    return scattered(answer) and scattered(actual)  # ours first: theirs may be a megabyte


def _raised(value: Any) -> str | None:
    """Return the kind of exception that a value stands for."""
    if value is OVERFLOW:
        return "OverflowError"
    return value.kinds[0] if isinstance(value, Raising) else None


def scattered(value: Any) -> bool:
    """Tell whether a container holds a number that is not finite."""
    numbers = flat(value) if isinstance(value, list | tuple | dict | np.ndarray) else None
    return numbers is not None and not bool(np.all(np.isfinite(numbers)))


def relation(cases: Sequence[Triple], tolerance: Tolerance) -> tuple[Relation, float] | None:
    """Return the first relation that holds in every case, with its number; None without one.

    The number is the factor of `SCALED`, the difference of `OFFSET`, and 0 with the others.
    Values of every structure take part, by their numbers in order; where those of one case
    have other lengths there is no relation. That a value other than 0 came back is required: a
    constant 0 is no rounding.
    """
    rows = [_row(case) for case in cases]
    known = [row for row in rows if row is not None]
    if len(known) < len(rows) or not any(np.any(row.actual) for row in known):
        return None
    for name, make in _RELATIONS:
        if all(row.holds(make(row.desired), tolerance) for row in known):
            return name, 0.0
    for name, whole in _REARRANGED:
        if all(row.is_rearranged(whole, tolerance) for row in known):
            return name, 0.0
    return _measured(known, tolerance)


@dataclass(frozen=True, slots=True)
class _Row:
    """The numbers of a case, each kind in one array of floats."""

    actual: Any
    desired: Any
    scale: Any
    shape: tuple[int, ...]

    def holds(self, right: Any, tolerance: Tolerance, widening: float = 1.0) -> bool:
        with np.errstate(all="ignore"):
            scale = np.maximum(widening * self.scale, np.abs(right))
            allowed = tolerance.rtol * scale + tolerance.atol
            return bool(np.all(np.abs(self.actual - right) <= allowed))

    def is_rearranged(self, whole: Callable[[Any], Any], tolerance: Tolerance) -> bool:
        right = whole(self.desired.reshape(self.shape)).reshape(-1)
        return right.shape == self.desired.shape and self.holds(right, tolerance)


def _row(case: Triple) -> _Row | None:
    actual, desired, scale = (flat(value) for value in case)
    if actual is None or desired is None or scale is None or not len(desired):
        return None
    if not (len(actual) == len(desired) == len(scale)):
        return None
    if not (np.all(np.isfinite(actual)) and np.all(np.isfinite(desired))):
        return None
    shape = case[1].shape if isinstance(case[1], np.ndarray) else (len(desired),)
    return _Row(actual, desired, scale, shape)


def flat(value: Any) -> Any:
    """Return the numbers of a value in order, as an array of floats; None if it holds others.

    >>> flat({"w": [1, 2.5]}).tolist(), flat("2")
    ([1.0, 2.5], None)
    """
    found: list[float] = []
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(reversed(list(each.values())))
        elif isinstance(each, list | tuple):
            waiting.extend(reversed(each))
        elif isinstance(each, np.ndarray) and each.ndim and each.dtype.kind in "iuf":
            found.extend(each.astype(float).reshape(-1).tolist())
        elif (plain := number(each)) is not None:
            found.append(plain)
        else:
            return None
    return np.array(found, dtype=float)


def numbers_in(value: Any) -> Iterator[float]:
    """Yield every number in a value, at whatever depth, beside whatever else there is.

    >>> list(numbers_in({"w": [1, "two", 3.5]}))
    [1.0, 3.5]
    """
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for entry in value:
            yield from numbers_in(entry)
        return
    if isinstance(value, complex | np.complexfloating):
        yield from (float(value.real), float(value.imag))
        return
    numbers = flat(value)
    if numbers is not None:
        yield from numbers.tolist()


def _measured(rows: Sequence[_Row], tolerance: Tolerance) -> tuple[Relation, float] | None:
    """Return a common factor or difference, measured where the numbers are largest."""
    actual = np.concatenate([row.actual for row in rows])
    desired = np.concatenate([row.desired for row in rows])
    if len(desired) < _LEAST_MEASURED:
        return None
    largest = int(np.argmax(np.abs(desired)))
    if desired[largest]:
        with np.errstate(all="ignore"):
            factor = float(actual[largest] / desired[largest])
        if (
            factor
            and math.isfinite(factor)
            and all(row.holds(factor * row.desired, tolerance, abs(factor)) for row in rows)
        ):
            return Relation.SCALED, factor
    with np.errstate(all="ignore"):
        difference = float(actual[largest] - desired[largest])
    if (
        difference
        and math.isfinite(difference)
        and all(row.holds(row.desired + difference, tolerance) for row in rows)
    ):
        return Relation.OFFSET, difference
    return None


def _rounder(digits: int) -> Callable[[Any], Any]:
    return lambda right: np.round(right, digits)


_LEAST_MEASURED = 3
"""Numbers that a factor or a difference is believed from: through two, there is always a line."""

_RELATIONS: tuple[tuple[Relation, Callable[[Any], Any]], ...] = (
    (Relation.FLIPPED, lambda right: -right),
    (Relation.DOUBLED, lambda right: 2 * right),
    (Relation.HALVED, lambda right: right / 2),
    *((Relation.ROUNDED, _rounder(digits)) for digits in range(_MOST_DIGITS, -1, -1)),
    (Relation.TRUNCATED, np.trunc),
)
_REARRANGED: tuple[tuple[Relation, Callable[[Any], Any]], ...] = (
    (Relation.REVERSED, lambda right: right[::-1]),
    (Relation.TRANSPOSED, lambda right: right.T),
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
