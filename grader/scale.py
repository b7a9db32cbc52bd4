"""The error scale of a reference's result: how much rounding the result can be blamed for.

For a result z computed from inputs and intermediates v_1 .. v_n, the scale is

    S = sum over i of |dz/dv_i * v_i|,

and z itself is one of the v_i, so S >= |z|. If every v_i carries a relative error of at
most u, then to first order |error of z| <= u * S: first-order running error analysis
(Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.3), with the
derivatives from one reverse pass over a tape of the reference's own operations. So the
same formula in another precision, or with its terms in another order, differs from the
reference by a small multiple of its precision times S, however z itself may cancel.

Constants of the reference's own need no term: |dz/dc * c| is at most the sum of the terms
of the other operand and of the result, where c is added, subtracted, multiplied or
divided by. The order of 0 * infinity is 0: a value that is exactly 0 has no relative
error, and a path whose derivative is exactly 0 carries none.
"""

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from grader.adjoints import Columns
from grader.errors import AuthorError
from grader.tape import Lifted, Tape, TracingNumber
from grader.tracing import tracing

_ROWS = 64
"""Adjoints of so many results go through the tape together, as rows."""

_NUMBERS = (int, float, np.integer, np.floating)

SAME_RUN = 2.0**-20
"""The traced run may differ from the plain one by this times S (numpy sums in another order)."""


class Overflow(Enum):
    """Stands for a result where a function raised OverflowError instead of returning one."""

    OVERFLOW = "OverflowError"

    def __repr__(self) -> str:
        return self.value


OVERFLOW = Overflow.OVERFLOW


@dataclass(frozen=True, slots=True)
class Raising:
    """Stands for a result where a function raised instead of returning one.

    `kinds` are the names of the exception's built-in classes, its own first.
    """

    kinds: tuple[str, ...]

    def __repr__(self) -> str:
        return f"{self.kinds[0]} is raised"


@dataclass(frozen=True, slots=True)
class Traced:
    """A reference's result on given inputs.

    `desired` is what the reference returns when it is not traced, or `OVERFLOW`. `scale` has the
    structure of `desired` with a float S in the place of each number (None in the place of
    anything else; a float array for an array); S is infinite where a derivative is. `finite` is
    False where an intermediate or the result overflowed or is nan: then S means little.
    """

    desired: Any
    scale: Any
    finite: bool


class Nothing(Enum):
    """Stands for no result at all: the function did not end. It agrees with nothing."""

    NOTHING = "no answer"

    def __repr__(self) -> str:
        return self.value


NOTHING = Nothing.NOTHING


def trace(function: Callable[..., Any], args: Sequence[Any]) -> Traced:
    """Run `function` on `args`, plainly and on a tape, and return its result with its scale.

    Which numbers are inputs: every int, float and numpy number inside the data (lists, tuples,
    dict values, arrays, nested), and every float that is an argument itself. An *int that is
    an argument itself* stays a plain int, for it is a count more often than not (`range(epochs)`)
    and carries no rounding error anyway: a term that it would add is bounded as a constant's is.
    Ints in data stay ints in arithmetic. bool, str, None and dict keys are no numbers.

    `args` are passed to `function` itself; the traced run works on copies made before.
    Raises AuthorError if `function` raises anything but OverflowError, or does something that
    a trace cannot follow.
    """
    tape = Tape()
    lifted = lift_arguments(tape.leaf, args)
    with np.errstate(all="ignore"):
        desired = result_of(function, args)
        traced = _traced_result(function, lifted)
        if traced is OVERFLOW or desired is OVERFLOW:
            return Traced(desired, _magnitude(desired), finite=False)
        return _with_scale(tape, traced, desired)


def _traced_result(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Return the traced result; what only fails when it is traced is told as such."""
    try:
        return tracing(function)(*args)
    except OverflowError:
        return OVERFLOW
    except AuthorError:
        raise
    except Exception as error:
        raise AuthorError(
            f"the error scale cannot be traced: {type(error).__name__}: {error}; avoid the "
            "operation in the reference, or give `scale=` in the spec"
        ) from error


def declared(
    function: Callable[..., Any], scale: Callable[..., Any], make_args: Callable[[], Sequence[Any]]
) -> Traced:
    """Return the result of `function` with the scale that the spec's own function gives.

    `scale` takes the same arguments and returns the structure of the result with an S in the
    place of each number, or one S for all of them; |desired| is used where it is larger.
    Raises AuthorError if an S is not a finite number >= 0, or the structure is another.
    """
    with np.errstate(all="ignore"):
        desired = result_of(function, make_args())
        sizes = result_of(scale, make_args())
    numbers = [] if desired is OVERFLOW else [number for number, _ in pairs(desired, desired)]
    if desired is OVERFLOW or not all(map(_is_finite, numbers)):
        return Traced(desired, _magnitude(desired), finite=False)
    given = [sizes] * len(numbers) if _is_number(sizes) else _declared_sizes(sizes, desired)
    for size in given:
        if not (_is_finite(size) and size >= 0):
            raise AuthorError(f"`scale` of the spec has to give finite numbers >= 0, not {size!r}")
    scales = (max(float(size), _size(n)) for size, n in zip(given, numbers, strict=True))
    return Traced(desired, _rebuild(desired, scales), finite=True)


def _declared_sizes(sizes: Any, desired: Any) -> list[Any]:
    try:
        return [size for size, _ in pairs(sizes, desired)]
    except AuthorError:
        raise AuthorError(
            f"`scale` of the spec gives {sizes!r}, which has not the structure of the "
            f"reference's result {desired!r}"
        ) from None


def _is_finite(number: Any) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def result_of(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Return `function(*args)`, or `OVERFLOW`; any other exception becomes an AuthorError."""
    try:
        return function(*args)
    except OverflowError:
        return OVERFLOW
    except AuthorError:
        raise
    except Exception as error:
        name = getattr(function, "__name__", repr(function))
        raise AuthorError(f"{name} raised {type(error).__name__}: {error}") from error


def outcome_of(function: Callable[..., Any], args: Sequence[Any]) -> Any:
    """Return `function(*args)`, or `Raising` where it raises anything but OverflowError."""
    try:
        return function(*args)
    except OverflowError:
        return OVERFLOW
    except Exception as error:
        mro = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
        return Raising(tuple(mro))


def plainly(function: Callable[..., Any], args: Sequence[Any]) -> Traced:
    """Return a result with the least scale there is, |desired|: for what no trace can follow."""
    with np.errstate(all="ignore"):
        desired = result_of(function, args)
    finite = desired is not OVERFLOW and all(_is_finite(n) for n, _ in pairs(desired, desired))
    return Traced(desired, _magnitude(desired), finite)


def condition(desired: Any, scale: Any) -> float:
    """Return the largest S / |desired| among the numbers of a result; 0 where there is none.

    A number that is 0 has no condition, unless its S is infinite.
    """
    return max((_ratio(number, size) for size, number in pairs(scale, desired)), default=0.0)


def _ratio(number: Any, size: float) -> float:
    if number == 0:
        return math.inf if math.isinf(size) else 0.0
    try:
        return size / abs(float(number))
    except OverflowError:  # a whole number beyond a float's range
        return 0.0


def lift_arguments(leaf: Callable[[Any], Any], args: Sequence[Any]) -> list[Any]:
    """Return copies of `args` where `leaf(number)` stands for each number that is an input."""
    return [arg if isinstance(arg, int | np.integer) else _lift(leaf, arg) for arg in args]


def _lift(leaf: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lift(leaf, entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_lift(leaf, entry) for entry in value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        lifted = np.empty(value.shape, dtype=object)
        lifted.reshape(-1)[:] = [leaf(entry) for entry in value.reshape(-1)]
        return lifted
    if isinstance(value, set | frozenset) and any(map(_is_number, value)):
        raise AuthorError("numbers in a set cannot be traced: give `scale=` in the spec")
    return leaf(value) if _is_number(value) else copy.copy(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def _with_scale(tape: Tape, traced: Any, desired: Any) -> Traced:
    numbers = list(pairs(traced, desired))
    try:
        finite = not tape.overflowed and all(map(math.isfinite, tape.values[tape.leaves :]))
        scales = _scales(tape, numbers) if finite else []
    except OverflowError:  # an int that no float can hold
        finite = False
    if not finite:
        return Traced(desired, _magnitude(desired), finite=False)
    for (number, plain), scale in zip(numbers, scales, strict=True):
        _check_agreement(number, plain, scale)
    return Traced(desired, _rebuild(desired, iter(scales)), finite=True)


def pairs(traced: Any, desired: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each number of `desired`, in order, after what stands in its place in `traced`."""
    if _is_number(desired):
        if not isinstance(traced, Lifted) and not _is_number(traced):
            raise _other_when_traced(traced, desired)
        yield traced, desired
        return
    one, other = _entries(traced), _entries(desired)
    if len(one) != len(other):
        raise _other_when_traced(traced, desired)
    for inner, plain in zip(one, other, strict=True):
        yield from pairs(inner, plain)


def _entries(value: Any) -> Sequence[Any]:
    """Return what a container holds, an array's numbers in one row; nothing for other values."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, np.ndarray):
        return list(value.reshape(-1))
    return value if isinstance(value, list | tuple) else ()


def _other_when_traced(traced: Any, desired: Any) -> AuthorError:
    return AuthorError(
        f"the reference returns {desired!r}, but {traced!r} when its error scale is traced: it "
        "must not ask for the type of a number, nor depend on earlier calls or on chance; "
        "or give `scale=` in the spec"
    )


def _check_agreement(traced: Any, plain: Any, scale: float) -> None:
    """Refuse a reference that goes another way when it is traced: its tape means nothing."""
    value = traced.value if isinstance(traced, TracingNumber) else traced
    same = value == plain or (value != value and plain != plain)
    if not same and not abs(value - plain) <= SAME_RUN * scale:
        raise _other_when_traced(value, plain)


def _rebuild(desired: Any, scales: Iterator[float | None]) -> Any:
    """Return the structure of `desired` with the next scale in the place of each number."""
    if isinstance(desired, dict):
        return {key: _rebuild(entry, scales) for key, entry in desired.items()}
    if isinstance(desired, list | tuple):
        entries = [_rebuild(entry, scales) for entry in desired]
        return entries if isinstance(desired, list) else tuple(entries)
    if isinstance(desired, np.ndarray):
        flat = [_rebuild(entry, scales) for entry in desired.reshape(-1)]
        return np.array(flat, dtype=float).reshape(desired.shape)
    return next(scales) if _is_number(desired) else None


def _magnitude(desired: Any) -> Any:
    """Return the least scale there is, |desired|, in the structure of `desired`."""
    return _rebuild(desired, (_size(number) for number, _ in pairs(desired, desired)))


def _size(number: Any) -> float:
    """Return |number|, or 0 where no scale is needed: nothing is near an infinity or a nan."""
    try:
        size = abs(float(number))
    except OverflowError:
        return 0.0
    return size if math.isfinite(size) else 0.0


def _scales(tape: Tape, numbers: Sequence[tuple[Any, Any]]) -> list[float]:
    """Return S for each pair of a traced and a plain number."""
    outputs = [i for i, (number, _) in enumerate(numbers) if isinstance(number, TracingNumber)]
    scales = [_size(plain) for _, plain in numbers]
    columns = Columns(tape)
    for start in range(0, len(outputs), _ROWS):
        block = outputs[start : start + _ROWS]
        sums = columns.sweep([numbers[i][0].index for i in block])
        for i, total in zip(block, sums, strict=True):
            if math.isfinite(numbers[i][1]):
                scales[i] = max(scales[i], total) if total == total else math.inf
    return scales
