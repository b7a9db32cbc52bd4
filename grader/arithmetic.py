"""Other arithmetics than Python's: single and extended precision, moved roundings, other orders.

An `Arithmetic` says what a number is kept as, what an operation or a function gives, and what
is added in which order. It holds values, not programs: `grader.shadow` makes numbers that
compute in one, `grader.shadowing` lets a function do so. Nothing here draws from, or touches,
anything that others see: the random moves have a generator of their own.

Whole numbers are the same in all of them: an operation on two ints that gives an int is exact.
Where Python's floats raise (a division by 0, `math.log(0)`), the other arithmetics raise the
same; while `lenient`, that is within numpy's functions, they give infinity or nan, as numpy does.
"""

import math
import operator
import random
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from grader.errors import AuthorError
from grader.tape import DERIVATIVES

WHOLE = (int, np.integer, np.bool_)

Operation = Callable[[Any, Any], Any]

_DIVISIONS = (operator.truediv, operator.floordiv, operator.mod)

_INVERSES = [f"{name}{h}" for name in ("sin", "cos", "tan") for h in ("", "h")]
_NUMPY_NAMES = {f"a{name}": f"arc{name}" for name in _INVERSES} | {"atan2": "arctan2"}
"""Numpy's names of the functions that `math` calls otherwise."""

MATH_NAMES = {f"arc{name}": f"a{name}" for name in _INVERSES} | {
    "rad2deg": "degrees",
    "deg2rad": "radians",
}
"""And the other way round."""

FUNCTIONS = frozenset({*DERIVATIVES, "gamma", "lgamma"})
"""Functions of one number, by their names in `math` (`rint`: in numpy)."""

FUNCTIONS2 = frozenset({"atan2", "copysign", "fmod", "hypot"})
"""Functions of two numbers."""

_POLES = frozenset({"log", "log2", "log10", "log1p", "atanh", "gamma", "lgamma"})
"""Of these an infinity is a pole, which is a ValueError in `math`; elsewhere an OverflowError."""

_EXACT_FUNCTIONS = frozenset({"fabs", "rint", "copysign", "fmod"})
"""Their results are exact in any precision."""


class DomainError(ValueError):
    """What `math` raises for a number that a function has no value at."""


class Arithmetic:
    """Python's own floats, and what the other arithmetics change about them."""

    name: ClassVar[str] = "double"
    reverses: ClassVar[bool] = False
    """Sums are taken from the last term to the first."""

    def __init__(self) -> None:
        self.lenient = False

    # --- what a subclass may change -----------------------------------------------------------

    def number(self, x: Any) -> Any:
        """Return a number that is not whole, or one that meets such a number, as it is kept."""
        return x if x.__class__ is float else float(x)

    def read(self, x: Any) -> Any:
        """Return a float of the inputs as it is kept."""
        return self.number(x)

    def moved(self, x: Any) -> Any:
        """Return the inexact result x of an operation as it is kept."""
        return x

    def exactly(self, x: Any) -> Any:
        """Return a plain or a kept number as one that differences can be taken of."""
        return float(x)

    def compute(self, operation: Operation, x: Any, y: Any) -> Any:
        """Return `operation(x, y)` of two kept numbers."""
        if self.lenient:
            return float(operation(np.float64(x), np.float64(y)))
        z = operation(x, y)
        return refuse(self, f"the complex number {x!r} ** {y!r}") if z.__class__ is complex else z

    def evaluate(self, name: str, xs: tuple[Any, ...], lenient: bool) -> Any:
        """Return the function of that name in `math` of kept numbers."""
        if lenient and (function := numpy_function(name)) is not None:
            return float(function(*map(np.float64, xs)))
        return _in_double(name, xs, lenient)

    def whole(self, name: str, x: Any) -> int:
        """Return `math.floor(x)`, `math.ceil(x)` or `math.trunc(x)`."""
        found: int = getattr(math, name)(float(x))
        return found

    def rounded(self, x: Any, digits: int) -> Any:
        """Return x with so many digits behind the point."""
        return float(np.round(np.float64(x), digits)) if self.lenient else round(x, digits)

    # --- the same for all ---------------------------------------------------------------------

    def operate(self, operation: Operation, a: Any, b: Any) -> Any:
        """Return `operation(a, b)`, where each is a whole or a kept or a plain number."""
        of_whole = isinstance(a, WHOLE) and isinstance(b, WHOLE)
        if of_whole and operation is not operator.truediv:
            z = self._of_whole(operation, a, b)
            if isinstance(z, WHOLE):
                return z
        z = self.compute(operation, self.number(a), self.number(b))
        if operation is operator.floordiv or (of_whole and is_whole(z)):
            return z
        return self.moved(z)

    def _of_whole(self, operation: Operation, a: Any, b: Any) -> Any:
        try:
            return operation(a, b)
        except ZeroDivisionError:
            if self.lenient:
                return None
            raise

    def call(self, name: str, *xs: Any, lenient: bool) -> Any:
        """Return a function of `FUNCTIONS` or `FUNCTIONS2`, as `math` or as numpy computes it."""
        z = self.evaluate(name, tuple(map(self.number, xs)), lenient)
        if name in _EXACT_FUNCTIONS or (is_whole(z) and all(isinstance(x, WHOLE) for x in xs)):
            return z
        return self.moved(z)

    def comparable(self, x: Any) -> Any:
        """Return a number as it compares: an int that is beyond all floats is an infinity."""
        try:
            return self.number(x)
        except OverflowError:
            return math.inf if x > 0 else -math.inf


def refuse(arithmetic: Arithmetic, operation: str) -> Any:
    raise AuthorError(
        f"the reference cannot be run in another arithmetic ({arithmetic.name}) through "
        f"{operation}: avoid it in the reference"
    )


def is_whole(x: Any) -> bool:
    return bool(x - x == 0 and x % 1 == 0)


def numpy_function(name: str) -> Any:
    """Return numpy's function by its name in `math`, None where it has none."""
    return getattr(np, _NUMPY_NAMES.get(name, name), None)


def _in_double(name: str, xs: tuple[Any, ...], lenient: bool) -> float:
    try:
        found: float = getattr(math, name)(*xs)
        return found
    except ValueError as error:
        if lenient:
            return math.nan
        raise DomainError(str(error)) from None


class Checked(Arithmetic, ABC):
    """An arithmetic whose own operations give infinity or nan; made to raise as floats do."""

    def compute(self, operation: Operation, x: Any, y: Any) -> Any:
        if self.lenient:
            return self.bare(operation, x, y)
        if y == 0 and operation in _DIVISIONS:
            raise ZeroDivisionError("float division by zero")
        if operation is operator.pow:
            if x == 0 and y < 0:
                raise ZeroDivisionError("0.0 cannot be raised to a negative power")
            if x < 0 and finite(x, y) and not is_whole(y):
                refuse(self, f"the complex number {x!r} ** {y!r}")
        z = self.bare(operation, x, y)
        if operation is operator.pow and finite(x, y) and not finite(z):
            raise OverflowError("numerical result out of range")
        return z

    def evaluate(self, name: str, xs: tuple[Any, ...], lenient: bool) -> Any:
        z = self.bare_function(name, xs)
        if lenient or finite(z) or not finite(*xs):
            return z
        if z != z or name in _POLES:
            raise DomainError("math domain error")
        raise OverflowError("math range error")

    def bare(self, operation: Operation, x: Any, y: Any) -> Any:
        return operation(x, y)

    @abstractmethod
    def bare_function(self, name: str, xs: tuple[Any, ...]) -> Any:
        """Return a function of `math` by its name, unchecked: infinity or nan where it fails."""


def finite(*xs: Any) -> bool:
    return all(x - x == 0 for x in xs)


class _Numpy(Checked):
    """The arithmetic of one of numpy's types."""

    kept: ClassVar[Any]

    def number(self, x: Any) -> Any:
        return x if x.__class__ is self.kept else self.kept(x)

    def bare_function(self, name: str, xs: tuple[Any, ...]) -> Any:
        function = numpy_function(name)
        if function is not None:
            return function(*xs)
        # erf and gamma numpy does not have: they are computed in double, and rounded.
        return self.kept(_in_double(name, tuple(map(float, xs)), lenient=True))


class Float32(_Numpy):
    """Single precision: inputs, constants and every result are rounded to it."""

    name = "float32"
    kept = np.float32

    def rounded(self, x: Any, digits: int) -> Any:
        return np.round(x, digits) if self.lenient else np.float32(round(float(x), digits))


class LongDouble(_Numpy):
    """The widest type of this machine: 64 bits of mantissa on x86, and double's 53 on some."""

    name = "long double"
    kept = np.longdouble

    def exactly(self, x: Any) -> Any:
        return np.longdouble(x)

    def whole(self, name: str, x: Any) -> int:
        return int(getattr(np, name)(x)) if finite(x) else super().whole(name, x)

    def rounded(self, x: Any, digits: int) -> Any:
        return np.round(x, digits)


class Reversed(Arithmetic):
    """Double, with sums from the last term to the first."""

    name = "reversed"
    reverses = True


class _Random(Arithmetic):
    def __init__(self, seed: int) -> None:
        super().__init__()
        self._draw = random.Random(seed).random

    def nudged(self, x: float) -> float:
        """Return x moved by -1, 0 or +1 ulp. A 0 stays: it has no relative error."""
        step = int(3 * self._draw())
        if step == 0 or x == 0 or not math.isfinite(x):
            return x
        return math.nextafter(x, math.inf if step == 1 else -math.inf)


class MovedResults(_Random):
    """Monte-Carlo arithmetic: double, with every inexact result moved at random."""

    name = "randomly rounded"

    def moved(self, x: Any) -> Any:
        return self.nudged(x)


class MovedInputs(_Random):
    """Double, with every float of the inputs moved at random."""

    name = "moved"

    def read(self, x: Any) -> Any:
        return self.nudged(float(x))
