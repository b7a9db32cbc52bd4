"""A function's own copy of the world while it is traced: `math` and `float` that know the tape.

`math.sqrt(x)` asks x for a plain float, which a `TracingNumber` refuses. So the function
that is traced is copied with other globals: where its module says `math`, `sqrt` (from
math) or `float`, the copy finds a stand-in, and where it says the name of another
function of the same module, that function's copy. Nothing real is changed: traces may
nest, run in threads, and leave no trace. What is out of reach (an import inside a function
body, C code) meets the refusal of `TracingNumber`, which names it.
"""

import functools
import math
import operator
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

from grader.tape import (
    DERIVATIVES,
    Derivative,
    TracingNumber,
    apply,
    apply2,
    power_by_x,
    power_by_y,
    refuse,
)


def tracing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of a Python function whose module sees tracing `math` and `float`.

    Any other callable is returned as it is.
    """
    if not isinstance(function, FunctionType):
        return function
    world: dict[str, Any] = {"float": _TracingFloat}
    for name, value in function.__globals__.items():
        if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
            world[name] = _in_world(value, world)
        else:
            world[name] = _STAND_INS.get(id(value), value)
    return _in_world(function, world)


def _in_world(function: FunctionType, world: dict[str, Any]) -> FunctionType:
    copy = FunctionType(
        function.__code__, world, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


class _FloatType(type):
    def __call__(cls, x: Any = 0.0) -> Any:
        return apply(float, 1.0, x) if isinstance(x, TracingNumber) else float(x)

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(_plain(value), float)


class _TracingFloat(float, metaclass=_FloatType):
    """What `float` is while tracing: it converts on the tape and knows a float when it sees one.

    Numpy reads this class, given as a dtype, as `object`, which is just what a trace needs.
    """


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, TracingNumber) else value


def _is_traced(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_is_traced, value))
    return isinstance(value, TracingNumber)


def _math1(function: Callable[[Any], Any], derivative: Derivative) -> Callable[[Any], Any]:
    return lambda x: apply(function, derivative, x) if isinstance(x, TracingNumber) else function(x)


def _math2(
    function: Callable[[Any, Any], Any], by_x: Derivative, by_y: Derivative
) -> Callable[[Any, Any], Any]:
    def known(x: Any, y: Any) -> Any:
        return apply2(function, by_x, by_y, x, y) if _is_traced((x, y)) else function(x, y)

    return known


def _question(function: Callable[..., bool]) -> Callable[..., bool]:
    return lambda *args, **options: function(*map(_plain, args), **options)


def _unknown(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **options: (
        refuse(f"math.{name}()") if _is_traced(args) else function(*args, **options)
    )


_natural_log = _math1(math.log, DERIVATIVES["log"])


def _log(x: Any, base: Any = None) -> Any:
    return _natural_log(x) if base is None else _natural_log(x) / _natural_log(base)


_hypot2 = _math2(math.hypot, lambda x, _y, z: x / z, lambda _x, y, z: y / z)

# Those of several arguments. floor, ceil and trunc ask their argument, so the real ones serve.
_KNOWN: dict[str, Callable[..., Any]] = {
    "floor": math.floor,
    "ceil": math.ceil,
    "trunc": math.trunc,
    "log": _log,
    "pow": _math2(math.pow, power_by_x, power_by_y),
    "atan2": _math2(
        math.atan2,
        lambda y, x, _z: x / (x * x + y * y),
        lambda y, x, _z: -y / (x * x + y * y),
    ),
    "fmod": _math2(math.fmod, 1.0, lambda x, y, _z: -math.trunc(x / y)),
    "hypot": lambda *xs: functools.reduce(_hypot2, xs, 0.0),
    "fsum": lambda xs: sum(xs, start=0.0),
    "prod": lambda xs, *, start=1: functools.reduce(operator.mul, xs, start),
}


def _stand_in(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    if name in _KNOWN:
        return _KNOWN[name]
    if name in DERIVATIVES:
        return _math1(function, DERIVATIVES[name])
    if name.startswith("is") and name != "isqrt":
        return _question(function)
    return _unknown(name, function)


def _stand_ins() -> dict[int, Any]:
    """Return what stands for `math` and for each of its functions, by the real one's `id`."""
    module = ModuleType("math", math.__doc__)
    found: dict[int, Any] = {id(math): module}
    for name, value in vars(math).items():
        if callable(value) and not name.startswith("_"):
            found[id(value)] = value = _stand_in(name, value)
        setattr(module, name, value)
    return found


_STAND_INS = _stand_ins()
