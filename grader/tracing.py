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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType
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


@dataclass(frozen=True, slots=True)
class World:
    """What a copied function finds instead of what its module says.

    `builtins` are found by their names, unless the module has given one of these to something
    else. `stand_in` gives what stands for the value of a global. `constant`, where given, turns
    what the code says of constants and what parameters have for a default.
    """

    stand_in: Callable[[Any], Any]
    builtins: Mapping[str, Any] = field(default_factory=dict)
    constant: Callable[[Any], Any] | None = None


def in_world(function: Callable[..., Any], world: World) -> Callable[..., Any]:
    """Return a copy of a Python function, and of those of its module that it sees, in `world`.

    Any other callable is returned as it is.
    """
    if not isinstance(function, FunctionType):
        return function
    names = dict(world.builtins)
    for name, value in function.__globals__.items():
        if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
            names[name] = _copied(value, names, world.constant)
        else:
            names[name] = world.stand_in(value)
    return _copied(function, names, world.constant)


def _copied(
    function: FunctionType, names: dict[str, Any], constant: Callable[[Any], Any] | None
) -> FunctionType:
    code, defaults, keywords = function.__code__, function.__defaults__, function.__kwdefaults__
    if constant is not None:
        code = _with_constants(code, constant)
        defaults = defaults and tuple(map(constant, defaults))
        keywords = keywords and {name: constant(value) for name, value in keywords.items()}
    copy = FunctionType(code, names, function.__name__, defaults, function.__closure__)
    copy.__kwdefaults__ = keywords
    return copy


def _with_constants(code: CodeType, constant: Callable[[Any], Any]) -> CodeType:
    """Return `code`, and the code of the functions that it makes, with other constants."""
    constants = (
        _with_constants(entry, constant) if isinstance(entry, CodeType) else constant(entry)
        for entry in code.co_consts
    )
    return code.replace(co_consts=tuple(constants))


def tracing(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of a Python function whose module sees tracing `math` and `float`.

    Any other callable is returned as it is.
    """
    return in_world(function, _TRACING)


class _FloatType(type):
    converted: Callable[[Any], Any]
    unlifted: Callable[[Any], Any]

    def __call__(cls, x: Any = 0.0) -> Any:
        return cls.converted(x)

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(cls.unlifted(value), float)


def float_like(converted: Callable[[Any], Any], unlifted: Callable[[Any], Any]) -> type:
    """Return what `float` is in a world: `converted` converts to it, and it knows a float.

    `unlifted` gives the plain number that another one stands for. Numpy reads this class, given
    as a dtype, as `object`, which is just what a world of other numbers needs.
    """
    kind = _FloatType("float", (float,), {})
    kind.converted = staticmethod(converted)
    kind.unlifted = staticmethod(unlifted)
    return kind


def _on_tape(x: Any) -> Any:
    return apply(float, 1.0, x) if isinstance(x, TracingNumber) else float(x)


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


def _stand_in(name: str, value: Any) -> Any:
    if not callable(value):
        return value
    if name in _KNOWN:
        return _KNOWN[name]
    if name in DERIVATIVES:
        return _math1(value, DERIVATIVES[name])
    if name.startswith("is") and name != "isqrt":
        return _question(value)
    return _unknown(name, value)


def math_like(stand_in: Callable[[str, Any], Any]) -> dict[int, Any]:
    """Return what stands for `math` and for what is in it, by the real one's `id`.

    `stand_in(name, value)` gives what stands for a function or a constant of that name.
    """
    module = ModuleType("math", math.__doc__)
    found: dict[int, Any] = {id(math): module}
    for name, value in vars(math).items():
        if not name.startswith("_"):
            stands = found[id(value)] = stand_in(name, value)
            setattr(module, name, stands)
    return found


_STAND_INS = math_like(_stand_in)
_TRACING = World(
    lambda value: _STAND_INS.get(id(value), value), {"float": float_like(_on_tape, _plain)}
)
