"""A function's own copy of the world in which its numbers are shadows (`grader.shadow`).

As `grader.tracing` does for a tape: `math`, `numpy`, `float` and `sum` are stand-ins, and so is
whatever the module has imported from the first two. Here constants are shadows too, those of
the module, of the code and of default values; so a formula of constants is computed in the
other arithmetic like any other. What numpy makes of plain numbers, as `np.zeros(3)`, is an
array of shadows. Counts (`range`, `len`, ints of the code) are plain ints, and a quotient of two
of them is a plain float. Nothing real is changed.
"""

import functools
import math
import operator
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np

from grader.arithmetic import FUNCTIONS, FUNCTIONS2, WHOLE, Arithmetic, refuse
from grader.errors import AuthorError
from grader.shadow import (
    Shadow,
    adopted,
    apply_ufunc,
    as_ints,
    as_numpy,
    call,
    dot,
    is_shadow,
    plain,
)
from grader.tracing import World, float_like, in_world, math_like


def shadowing(function: Callable[..., Any], arithmetic: Arithmetic) -> Callable[..., Any]:
    """Return a copy of a Python function that finds this arithmetic wherever it computes.

    Any other callable is returned as it is.
    """
    return in_world(function, _world(arithmetic))


def _world(arithmetic: Arithmetic) -> World:
    floats = float_like(functools.partial(_to_float, arithmetic), _as_plain_number)
    summed = functools.partial(_sum, arithmetic)
    of_math = math_like(lambda name, value: _math_stand_in(arithmetic, summed, name, value))
    of_numpy = _NumpyNames(arithmetic, floats)

    def stand_in(value: Any) -> Any:
        known = of_math.get(id(value))
        return of_numpy.stand_in(value) if known is None else known

    return World(
        stand_in, {"float": floats, "sum": summed}, functools.partial(_constant, arithmetic)
    )


def _constant(arithmetic: Arithmetic, value: Any) -> Any:
    """Return a constant of the code: floats are shadows, whatever else there is stays."""
    if value.__class__ is tuple:
        return tuple(_constant(arithmetic, entry) for entry in value)
    return adopted(arithmetic, value) if value.__class__ is float else value


def _as_plain_number(value: Any) -> Any:
    """Return a number whose type tells whether a value stands for a float."""
    found = plain(value)
    return found if found is value or isinstance(found, WHOLE) else 0.0


def _to_float(arithmetic: Arithmetic, x: Any = 0.0) -> Any:
    if isinstance(x, np.ndarray) and x.size != 1:  # `np.float64` takes it
        return adopted(arithmetic, x.astype(object))
    if isinstance(x, np.ndarray):
        x = x.item()
    value = plain(x)
    is_kept = value is not x or isinstance(value, WHOLE)
    return Shadow(arithmetic, arithmetic.number(value if is_kept else float(value)))


def _sum(arithmetic: Arithmetic, xs: Iterable[Any], /, start: Any = 0) -> Any:
    terms = list(xs)
    if arithmetic.reverses and isinstance(start, (Shadow, np.ndarray, int, float)):
        terms.reverse()
    return sum(terms, start)


# --- math ---------------------------------------------------------------------------------------


def _math_stand_in(
    arithmetic: Arithmetic, summed: Callable[..., Any], name: str, value: Any
) -> Any:
    if not callable(value):
        return adopted(arithmetic, value)
    if name in ("floor", "ceil", "trunc"):  # they ask their argument
        return value
    known = _KNOWN.get(name)
    if known is not None:
        return functools.partial(known, functools.partial(_strictly, arithmetic), summed)
    if name in FUNCTIONS or name in FUNCTIONS2:
        return lambda *xs: call(arithmetic, name, *_numbers(value, xs), lenient=False)
    if name.startswith("is") and name != "isqrt":
        return _question(value)
    return functools.partial(_unknown, arithmetic, name, value)


def _numbers(function: Callable[..., Any], xs: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments of a function of numbers; let it complain itself about others."""
    if not all(isinstance(x, (Shadow, int, float, np.number)) for x in xs):
        function(*xs)
    return xs


def _strictly(arithmetic: Arithmetic, name: str, *xs: Any) -> Any:
    return call(arithmetic, name, *xs, lenient=False)


def _log(do: Callable[..., Any], _sum: Any, x: Any, base: Any = None) -> Any:
    return do("log", x) if base is None else do("log", x) / do("log", base)


def _hypot(do: Callable[..., Any], _sum: Any, *xs: Any) -> Any:
    return functools.reduce(functools.partial(do, "hypot"), xs, 0.0)


def _dist(do: Callable[..., Any], _sum: Any, p: Any, q: Any) -> Any:
    return _hypot(do, None, *(a - b for a, b in zip(p, q, strict=True)))


def _sum_of_products(_do: Any, summed: Callable[..., Any], p: Any, q: Any) -> Any:
    return summed([a * b for a, b in zip(p, q, strict=True)])


def _prod(_do: Any, _sum: Any, xs: Iterable[Any], *, start: Any = 1) -> Any:
    return functools.reduce(operator.mul, xs, start)


_KNOWN: dict[str, Callable[..., Any]] = {
    "log": _log,
    "pow": lambda do, _sum, x, y: do("copysign", x, x) ** y,  # of floats, even where x is an int
    "hypot": _hypot,
    "dist": _dist,
    "fsum": lambda _do, summed, xs: summed(xs, 0.0),
    "sumprod": _sum_of_products,
    "prod": _prod,
}
"""Called with a function of `math` by name, with the sum, and with their own arguments."""


def _question(function: Callable[..., bool]) -> Callable[..., bool]:
    def asked(*xs: Any, **options: Any) -> bool:
        return function(*map(_as_float, xs), **{name: _as_float(x) for name, x in options.items()})

    return asked


def _as_float(x: Any) -> Any:
    return float(x.value) if isinstance(x, Shadow) else x


def _unknown(
    arithmetic: Arithmetic, name: str, function: Callable[..., Any], *xs: Any, **options: Any
) -> Any:
    """Let ints through, as `math.comb` and `math.gcd` want them."""
    if is_shadow(xs) and not all(isinstance(plain(x), WHOLE) for x in xs):
        refuse(arithmetic, f"math.{name}()")
    return adopted(arithmetic, function(*xs, **options))


# --- numpy --------------------------------------------------------------------------------------


class _NumpyNames:
    """What stands for numpy, for its submodules and for what a module imports from them."""

    def __init__(self, arithmetic: Arithmetic, floats: type) -> None:
        self._arithmetic = arithmetic
        self._floats = floats
        self._own: dict[Any, Callable[..., Any]] = {
            np.dot: functools.partial(dot, arithmetic),
            np.arange: functools.partial(_arange, arithmetic),
            np.linspace: functools.partial(_linspace, arithmetic),
            np.linalg.norm: functools.partial(_norm, arithmetic),
            np.finfo: lambda kind: np.finfo(np.float64 if kind is floats else kind),
            np.isscalar: lambda x: isinstance(x, Shadow) or np.isscalar(x),
        }

    def stand_in(self, value: Any) -> Any:
        """Return what stands for `value`: itself, unless it is numpy's or has floats in it."""
        if isinstance(value, ModuleType):
            return _Numpy(value, self) if _is_numpy_s(value.__name__) else value
        if isinstance(value, float | np.ndarray | tuple):
            return adopted(self._arithmetic, value)
        if value is np.float64:
            return self._floats
        if isinstance(value, np.ufunc):
            return _Ufunc(self._arithmetic, value)
        if not callable(value) or not _is_numpy_s(getattr(value, "__module__", None) or ""):
            return value
        if value in self._own:
            return self._own[value]
        return value if isinstance(value, type) else functools.partial(self._call, value)

    def _call(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        args = tuple(map(self._as_array, args))
        kind = options.get("dtype")
        if kind is not None and np.dtype(kind).kind == "f":
            options["dtype"] = object
        try:
            return self._result(function, args, options)
        except (TypeError, AttributeError, IndexError, AuthorError) as error:
            # Numpy wants arrays of labels and positions as ints, not as objects.
            counts = tuple(map(as_ints, args))
            if any(count is not arg for count, arg in zip(counts, args, strict=True)):
                return self._call(function, *counts, **options)
            name = getattr(function, "__name__", repr(function))
            detail = "" if isinstance(error, AuthorError) else f" ({error})"
            return refuse(self._arithmetic, f"numpy's {name}(){detail}")

    def _result(self, function: Callable[..., Any], args: Any, options: Any) -> Any:
        with as_numpy(self._arithmetic):
            return adopted(self._arithmetic, function(*args, **options))

    def _as_array(self, value: Any) -> Any:
        """Return a list of numbers as the array that numpy would make of it."""
        if isinstance(value, list) and any(entry.__class__ is Shadow for entry in value):
            return adopted(self._arithmetic, np.array(value, dtype=object))
        return value


def _is_numpy_s(name: str) -> bool:
    return name.split(".")[0] == "numpy" and not name.startswith("numpy.random")


class _Numpy:
    """A module of numpy."""

    def __init__(self, module: ModuleType, names: _NumpyNames) -> None:
        self._module = module
        self._names = names

    def __getattr__(self, name: str) -> Any:
        found = self._names.stand_in(getattr(self._module, name))
        setattr(self, name, found)
        return found


class _Ufunc:
    """One of numpy's functions of elements."""

    def __init__(self, arithmetic: Arithmetic, ufunc: Any) -> None:
        self._arithmetic = arithmetic
        self._ufunc = ufunc

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        return self._apply("__call__", *inputs, **options)

    def __getattr__(self, name: str) -> Any:
        if name in ("reduce", "accumulate", "reduceat", "outer", "at"):
            return functools.partial(self._apply, name)
        return getattr(self._ufunc, name)

    def _apply(self, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "__call__" and len(inputs) > self._ufunc.nin:
            options["out"], inputs = inputs[self._ufunc.nin :], inputs[: self._ufunc.nin]
        if method == "reduce" and len(inputs) > 1:
            options["axis"], inputs = inputs[1], (inputs[0], *inputs[2:])
        return apply_ufunc(self._arithmetic, self._ufunc, method, inputs, options)


def _arange(arithmetic: Arithmetic, *args: Any, **options: Any) -> Any:
    if not is_shadow(args) or all(isinstance(plain(x), WHOLE) for x in args):
        return adopted(arithmetic, np.arange(*map(plain, args), **options))
    start, stop, step = (0, *args, 1)[:3] if len(args) == 1 else (*args, 1)[:3]
    count = max(math.ceil((stop - start) / step), 0)
    return adopted(arithmetic, np.array([start + i * step for i in range(count)], dtype=object))


def _linspace(
    arithmetic: Arithmetic, start: Any, stop: Any, num: int = 50, endpoint: bool = True
) -> Any:
    if isinstance(start, np.ndarray) or isinstance(stop, np.ndarray):
        return adopted(arithmetic, np.linspace(start, stop, num, endpoint))
    steps = max(num - 1 if endpoint else num, 1)
    found = [start + i * ((stop - start) / steps) for i in range(num)]
    if endpoint and num > 1:
        found[-1] = stop
    return adopted(arithmetic, np.array(found, dtype=object))


def _norm(arithmetic: Arithmetic, x: Any, ord: Any = None, **options: Any) -> Any:
    x = adopted(arithmetic, np.asarray(x, dtype=object))
    if ord is None or (x.ndim == 1 and ord == 2):
        return np.sqrt(np.sum(x * x, **options))
    if x.ndim == 1 and ord == 1:
        return np.sum(abs(x), **options)
    if x.ndim == 1 and ord == math.inf:
        return np.max(abs(x), **options)
    return refuse(arithmetic, f"np.linalg.norm(ord={plain(ord)!r})")
