"""A tape of a function's own arithmetic: numbers that remember how they were made.

`TracingNumber` carries a plain value (an int stays an int, a numpy scalar stays one) and
writes every operation on it to a `Tape`: the result, at most two operands and the partial
derivative with respect to each. Numpy works on object arrays of tracing numbers, by
operators and by the methods that its object loops ask for (`np.exp` calls `x.exp()`);
`math` does not, for which see `grader.tracing`.

A tracing number never turns into a plain one: a `float(x)` in C code, an index or a hash
would let a dependency escape unseen and make an error scale too small. Such an operation
is an `AuthorError` that names it. Comparisons look at the value and record nothing: where
control flow depends on a number, the tape is that of the branch taken.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.errors import AuthorError


class Lifted:
    """A number that stands for a plain one, its `value`, while a function runs in another world."""

    __slots__ = ()

    value: Any


Derivative = float | Callable[..., Any]
"""A constant; or a function of (x, y) for y = f(x), of (x, y, z) for z = f(x, y)."""

_REAL = (int, float, np.floating, np.integer)


class Tape:
    """What happened, in order.

    Node i has `values[i]`, the operands `left[i]` and `right[i]` and the partial derivatives
    `d_left[i]` and `d_right[i]`, which are 0 where there is no such operand. The first
    `leaves` nodes are the inputs. `overflowed` says that an operation raised OverflowError,
    even if the function went on after it.
    """

    __slots__ = ("d_left", "d_right", "leaves", "left", "overflowed", "right", "values")

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.left: list[int] = []
        self.right: list[int] = []
        self.d_left: list[Any] = []
        self.d_right: list[Any] = []
        self.leaves = 0
        self.overflowed = False

    def leaf(self, value: Any) -> "TracingNumber":
        """Record an input."""
        self.leaves += 1
        return self.record(value, 0, 0.0)

    def record(
        self, value: Any, left: int, d_left: Any, right: int = 0, d_right: Any = 0.0
    ) -> "TracingNumber":
        """Record one operation and return its result."""
        index = len(self.values)
        self.values.append(value)
        self.left.append(left)
        self.d_left.append(d_left)
        self.right.append(right)
        self.d_right.append(d_right)
        return TracingNumber(self, index, value)


def refuse(operation: str) -> Any:
    raise AuthorError(
        f"the error scale cannot be traced through {operation}: avoid it in the reference, "
        "or give `scale=` in the spec"
    )


def _slope(derivative: Derivative, *at: Any) -> Any:
    """Return a derivative; infinite at a pole."""
    if isinstance(derivative, float):
        return derivative
    try:
        return derivative(*at)
    except (ZeroDivisionError, OverflowError, ValueError):
        return math.inf


def apply(function: Callable[[Any], Any], derivative: Derivative, x: "TracingNumber") -> Any:
    """Record function(x)."""
    try:
        value = function(x.value)
    except OverflowError:
        x.tape.overflowed = True
        raise
    return x.tape.record(value, x.index, _slope(derivative, x.value, value))


def apply2(
    function: Callable[[Any, Any], Any], by_x: Derivative, by_y: Derivative, x: Any, y: Any
) -> Any:
    """Record function(x, y), where one or both are tracing numbers."""
    traced_x, traced_y = x.__class__ is TracingNumber, y.__class__ is TracingNumber
    tape = x.tape if traced_x else y.tape
    a = x.value if traced_x else x
    b = y.value if traced_y else y
    try:
        value = function(a, b)
    except OverflowError:
        tape.overflowed = True
        raise
    if not traced_y:
        return tape.record(value, x.index, _slope(by_x, a, b, value))
    if not traced_x:
        return tape.record(value, y.index, _slope(by_y, a, b, value))
    return tape.record(
        value, x.index, _slope(by_x, a, b, value), y.index, _slope(by_y, a, b, value)
    )


def _unary(function: Callable[[Any], Any], derivative: Derivative) -> Callable[..., Any]:
    return lambda self: apply(function, derivative, self)


def _binary(
    function: Callable[[Any, Any], Any], by_x: Derivative, by_y: Derivative
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the method of an operator and its reflected one."""

    def forward(self: "TracingNumber", other: Any) -> Any:
        if other.__class__ is TracingNumber or isinstance(other, _REAL):
            return apply2(function, by_x, by_y, self, other)
        return NotImplemented

    def reflected(self: "TracingNumber", other: Any) -> Any:
        if isinstance(other, _REAL):
            return apply2(function, by_x, by_y, other, self)
        return NotImplemented

    return forward, reflected


def _comparison(compare: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def method(self: "TracingNumber", other: Any) -> Any:
        if other.__class__ is TracingNumber:
            return bool(compare(self.value, other.value))
        return bool(compare(self.value, other)) if isinstance(other, _REAL) else NotImplemented

    return method


def _refused(operation: str) -> Callable[..., Any]:
    return lambda _self, *_: refuse(operation)


def _power(x: Any, y: Any) -> Any:
    value = x**y
    return refuse(f"the complex number {x!r} ** {y!r}") if isinstance(value, complex) else value


def power_by_x(x: Any, y: Any, _z: Any) -> Any:
    return y * x ** (y - 1) if y else 0.0


def power_by_y(x: Any, _y: Any, z: Any) -> Any:
    # A negative base has a real power only where the exponent is a whole number: exact.
    return z * math.log(x) if x > 0 else 0.0


class TracingNumber(Lifted):
    """A number on a tape. It behaves as its value in arithmetic and in comparisons."""

    __slots__ = ("index", "tape", "value")

    def __init__(self, tape: Tape, index: int, value: Any) -> None:
        self.tape = tape
        self.index = index
        self.value = value

    def __repr__(self) -> str:
        return f"TracingNumber({self.value!r})"

    def __bool__(self) -> bool:
        return bool(self.value)

    def __getattr__(self, name: str) -> Any:
        """Return the method that numpy asks of the elements of an object array."""
        if name == "conjugate":
            return lambda: self
        derivative = DERIVATIVES.get(_MATH_NAMES.get(name, name))
        if derivative is None or not hasattr(np, name):
            raise AttributeError(f"the error scale cannot be traced through {name!r}")
        return lambda: apply(getattr(np, name), derivative, self)

    __add__, __radd__ = _binary(operator.add, 1.0, 1.0)
    __sub__, __rsub__ = _binary(operator.sub, 1.0, -1.0)
    __mul__, __rmul__ = _binary(operator.mul, lambda _x, y, _z: y, lambda x, _y, _z: x)
    __truediv__, __rtruediv__ = _binary(
        operator.truediv, lambda _x, y, _z: 1 / y, lambda _x, y, z: -z / y
    )
    __floordiv__, __rfloordiv__ = _binary(operator.floordiv, 0.0, 0.0)
    __mod__, __rmod__ = _binary(operator.mod, 1.0, lambda x, y, _z: -(x // y))
    __pow__, __rpow__ = _binary(_power, power_by_x, power_by_y)
    __neg__ = _unary(operator.neg, -1.0)
    __pos__ = _unary(operator.pos, 1.0)
    __abs__ = _unary(abs, lambda x, _y: -1.0 if x < 0 else 1.0)
    __floor__ = _unary(math.floor, 0.0)
    __ceil__ = _unary(math.ceil, 0.0)
    __trunc__ = _unary(math.trunc, 0.0)
    __lt__ = _comparison(operator.lt)
    __le__ = _comparison(operator.le)
    __gt__ = _comparison(operator.gt)
    __ge__ = _comparison(operator.ge)
    __eq__ = _comparison(operator.eq)
    __ne__ = _comparison(operator.ne)
    __float__ = _refused("float() in compiled code")
    __int__ = _refused("int()")
    __complex__ = _refused("complex()")
    __index__ = _refused("the use of a number as an index or a count")
    __hash__ = _refused("hash(), as a key or in a set")

    def __round__(self, digits: int | None = None) -> Any:
        # A small step on top of the identity: an error of x is an error of round(x).
        return apply(lambda x: round(x, digits), 1.0, self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self


# The derivative of y = f(x) by the name of f in `math`, called as (x, y).
DERIVATIVES: Mapping[str, Derivative] = {
    "sqrt": lambda _x, y: 0.5 / y,
    "cbrt": lambda _x, y: 1 / (3 * y * y),
    "exp": lambda _x, y: y,
    "exp2": lambda _x, y: y * math.log(2),
    "expm1": lambda _x, y: y + 1,
    "log": lambda x, _y: 1 / x,
    "log2": lambda x, _y: 1 / (x * math.log(2)),
    "log10": lambda x, _y: 1 / (x * math.log(10)),
    "log1p": lambda x, _y: 1 / (1 + x),
    "sin": lambda x, _y: math.cos(x),
    "cos": lambda x, _y: -math.sin(x),
    "tan": lambda _x, y: 1 + y * y,
    "asin": lambda x, _y: 1 / math.sqrt(1 - x * x),
    "acos": lambda x, _y: -1 / math.sqrt(1 - x * x),
    "atan": lambda x, _y: 1 / (1 + x * x),
    "sinh": lambda x, _y: math.cosh(x),
    "cosh": lambda x, _y: math.sinh(x),
    "tanh": lambda _x, y: 1 - y * y,
    "asinh": lambda x, _y: 1 / math.sqrt(x * x + 1),
    "acosh": lambda x, _y: 1 / math.sqrt(x * x - 1),
    "atanh": lambda x, _y: 1 / (1 - x * x),
    "fabs": lambda x, _y: math.copysign(1.0, x),
    "erf": lambda x, _y: 2 / math.sqrt(math.pi) * math.exp(-x * x),
    "erfc": lambda x, _y: -2 / math.sqrt(math.pi) * math.exp(-x * x),
    "degrees": 180 / math.pi,
    "radians": math.pi / 180,
    "rint": 1.0,
}

# The names of numpy's functions that differ from those in `math`.
_MATH_NAMES = {f"arc{name}{h}": f"a{name}{h}" for name in ("sin", "cos", "tan") for h in ("", "h")}
