"""The noise ceiling of a case: how far right programs may differ from its reference.

Right programs differ from the reference through rounding alone: they use another precision,
another formula, another order of summation. `measure` runs the reference itself in the
arithmetics that stand for these and takes the largest difference from its plain result, in
units of the case's error scale S (`grader.scale`). It judges nobody and derives no
tolerance; it reads and starts nothing, and leaves the reference, `math`, numpy and their
streams of random numbers as they were. A reference that draws random numbers cannot be
measured: its results differ for another reason.
"""

import importlib.util
import math
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np

from grader.arithmetic import (
    WHOLE,
    Arithmetic,
    DomainError,
    Float32,
    LongDouble,
    MovedInputs,
    MovedResults,
    Reversed,
)
from grader.errors import AuthorError
from grader.scale import OVERFLOW, SAME_RUN, lift_arguments, pairs
from grader.shadow import Shadow, adopted, plain
from grader.shadowing import shadowing
from grader.truth import Truth

REPETITIONS = 3
"""Runs with random moves, each with a seed of its own."""


class Kind(StrEnum):
    """What is done to the reference."""

    FLOAT32 = "float32"
    LONG_DOUBLE = "long double"
    REORDERED = "reordered"
    ROUNDINGS = "roundings"
    INPUTS = "inputs"
    TRUTH = "truth"


def arithmetics() -> Mapping[Kind, Sequence[Arithmetic]]:
    """Return what each kind is measured in; without `TRUTH` where mpmath is not installed."""
    found: dict[Kind, Sequence[Arithmetic]] = {
        Kind.FLOAT32: [Float32()],
        Kind.LONG_DOUBLE: [LongDouble()],
        Kind.REORDERED: [Reversed()],
        Kind.ROUNDINGS: [MovedResults(seed) for seed in range(REPETITIONS)],
        Kind.INPUTS: [MovedInputs(seed) for seed in range(REPETITIONS)],
    }
    if importlib.util.find_spec("mpmath") is not None:
        found[Kind.TRUTH] = [Truth()]
    return found


def measure(
    function: Callable[..., Any],
    make_args: Callable[[], Sequence[Any]],
    desired: Any,
    scale: Any,
) -> Mapping[Kind, float]:
    """Return the largest |value - desired| / S over all numbers of the result, for each kind.

    `make_args` makes fresh arguments, `desired` and `scale` are those of `grader.scale.Traced`
    (of one that is `finite`: where the reference overflows, the figures mean nothing).
    A number that is the same counts 0; one that differs where S is 0, that is not finite, or
    that is missing because the run ended otherwise, counts as infinity.
    Raises AuthorError where the reference cannot be run in another arithmetic at all, or gives
    something else as soon as its numbers are not Python's own.
    """
    plainly = noise(function, make_args, desired, scale, Arithmetic())
    if not plainly <= SAME_RUN:
        raise AuthorError(
            f"the reference gives another result ({plainly:.2g} error scales away) when its "
            "numbers are not Python's own: it must not ask for the type of a number, nor depend "
            "on earlier calls or on chance"
        )
    return {
        kind: max(noise(function, make_args, desired, scale, entry) for entry in entries)
        for kind, entries in arithmetics().items()
    }


def noise(
    function: Callable[..., Any],
    make_args: Callable[[], Sequence[Any]],
    desired: Any,
    scale: Any,
    arithmetic: Arithmetic,
) -> float:
    """Return what `measure` does, for one arithmetic."""
    with np.errstate(all="ignore"):
        value = _result(function, make_args(), arithmetic)
        if value is OVERFLOW or desired is OVERFLOW:
            return 0.0 if value is desired else math.inf
        return _largest(arithmetic, value, desired, scale)


def _result(function: Callable[..., Any], args: Sequence[Any], arithmetic: Arithmetic) -> Any:
    """Return the result in `arithmetic`; `OVERFLOW` where its numbers end in an exception."""
    try:
        lifted = lift_arguments(lambda x: _input(arithmetic, x), args)
        return shadowing(function, arithmetic)(*adopted(arithmetic, lifted))
    except (ArithmeticError, DomainError):
        return OVERFLOW
    except AuthorError:
        raise
    except Exception as error:
        raise AuthorError(
            f"the reference cannot be run in another arithmetic ({arithmetic.name}): "
            f"{type(error).__name__}: {error}; avoid the operation in the reference"
        ) from error


def _input(arithmetic: Arithmetic, x: Any) -> Shadow:
    is_whole = isinstance(x, int | np.integer)
    return Shadow(arithmetic, x if is_whole else arithmetic.read(float(x)))


def _largest(arithmetic: Arithmetic, value: Any, desired: Any, scale: Any) -> float:
    try:
        found = list(pairs(value, desired))
    except AuthorError:  # a branch went another way, to a result of another structure
        return math.inf
    sizes = [size for size, _ in pairs(scale, desired)]
    return max(
        (
            _in_scales(arithmetic, plain(number), wanted, size)
            for (number, wanted), size in zip(found, sizes, strict=True)
        ),
        default=0.0,
    )


def _in_scales(arithmetic: Arithmetic, value: Any, desired: Any, size: float) -> float:
    try:
        distance = _distance(arithmetic, value, desired)
    except OverflowError:  # ints beyond all floats
        return 0.0 if value == desired else math.inf
    if distance == 0:
        return 0.0
    return float(distance / size) if size > 0 and math.isfinite(distance) else math.inf


def _distance(arithmetic: Arithmetic, value: Any, desired: Any) -> float:
    """Return |value - desired| as a float, infinity where only one of them is finite."""
    if isinstance(value, WHOLE) and isinstance(desired, WHOLE):
        return float(abs(int(value) - int(desired)))
    a, b = arithmetic.exactly(value), arithmetic.exactly(desired)
    if a == b or (a != a and b != b):
        return 0.0
    distance = float(abs(a - b))
    return math.inf if math.isnan(distance) else distance
