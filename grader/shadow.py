"""Numbers, and arrays of them, that compute in another arithmetic than they seem to.

A `Shadow` stands for a number of a program: it carries a value of an `Arithmetic` and does
every operation there. A `ShadowArray` is a numpy array of them: numpy's own loops call the
operators and the methods of its elements. A shadow never turns into a plain float: a
`float(x)` in C code would go on in double unseen, so it is an `AuthorError`. An int stays an
int, so that it can still count and index. Nothing is recorded.
"""

import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from grader.arithmetic import FUNCTIONS, MATH_NAMES, WHOLE, Arithmetic, Operation, refuse
from grader.tape import Lifted

_REAL = (int, float, np.floating, np.integer, np.bool_)


def plain(value: Any) -> Any:
    """Return the value of a shadow, and anything else as it is."""
    return value.value if value.__class__ is Shadow else value


def is_shadow(value: Any) -> bool:
    """Tell whether a value is a shadow or a list or tuple that holds one."""
    if isinstance(value, list | tuple):
        return any(map(is_shadow, value))
    return value.__class__ is Shadow


def _binary(operation: Operation) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def forward(self: "Shadow", other: Any) -> Any:
        if other.__class__ is Shadow:
            other = other.value
        elif not isinstance(other, _REAL):
            return NotImplemented
        arithmetic = self.arithmetic
        return Shadow(arithmetic, arithmetic.operate(operation, self.value, other))

    def reflected(self: "Shadow", other: Any) -> Any:
        if not isinstance(other, _REAL):
            return NotImplemented
        arithmetic = self.arithmetic
        return Shadow(arithmetic, arithmetic.operate(operation, other, self.value))

    return forward, reflected


def _exact(operation: Callable[[Any], Any]) -> Callable[["Shadow"], "Shadow"]:
    return lambda self: Shadow(self.arithmetic, operation(self.value))


def _comparison(compare: Operation) -> Callable[..., Any]:
    def method(self: "Shadow", other: Any) -> Any:
        a, b = self.value, plain(other)
        if not isinstance(other, (Lifted, *_REAL)):
            return NotImplemented
        if isinstance(a, WHOLE) and isinstance(b, WHOLE):
            return bool(compare(a, b))
        arithmetic = self.arithmetic
        return bool(compare(arithmetic.comparable(a), arithmetic.comparable(b)))

    return method


def _to_whole(name: str) -> Callable[["Shadow"], int]:
    def method(self: "Shadow") -> int:
        value = self.value
        return int(value) if isinstance(value, WHOLE) else self.arithmetic.whole(name, value)

    return method


class Shadow(Lifted):
    """A number in another arithmetic. It behaves as a float, or as an int, would."""

    __slots__ = ("arithmetic", "value")

    def __init__(self, arithmetic: Arithmetic, value: Any) -> None:
        self.arithmetic = arithmetic
        self.value = value

    def __repr__(self) -> str:
        return f"Shadow({self.value!r})"

    def __str__(self) -> str:
        return str(self._shown())

    def __format__(self, spec: str) -> str:
        return format(self._shown(), spec)

    def _shown(self) -> Any:
        return self.value if isinstance(self.value, WHOLE) else float(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __copy__(self) -> "Shadow":
        return self

    def __deepcopy__(self, _memo: Any) -> "Shadow":
        return self

    def __getattr__(self, name: str) -> Any:
        """Return the method that numpy asks of the elements of an object array."""
        if name in ("conjugate", "item"):
            return lambda: self
        known = MATH_NAMES.get(name, name)
        if known not in FUNCTIONS:
            raise AttributeError(f"a number in another arithmetic has no {name!r}")
        return lambda: call(self.arithmetic, known, self, lenient=True)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return apply_ufunc(self.arithmetic, ufunc, method, inputs, options)

    __add__, __radd__ = _binary(operator.add)
    __sub__, __rsub__ = _binary(operator.sub)
    __mul__, __rmul__ = _binary(operator.mul)
    __truediv__, __rtruediv__ = _binary(operator.truediv)
    __floordiv__, __rfloordiv__ = _binary(operator.floordiv)
    __mod__, __rmod__ = _binary(operator.mod)
    __pow__, __rpow__ = _binary(operator.pow)
    __neg__ = _exact(operator.neg)
    __pos__ = _exact(operator.pos)
    __abs__ = _exact(abs)
    __floor__ = _to_whole("floor")
    __ceil__ = _to_whole("ceil")
    __trunc__ = __int__ = _to_whole("trunc")
    __lt__ = _comparison(operator.lt)
    __le__ = _comparison(operator.le)
    __gt__ = _comparison(operator.gt)
    __ge__ = _comparison(operator.ge)
    __eq__ = _comparison(operator.eq)
    __ne__ = _comparison(operator.ne)

    def __float__(self) -> float:
        found: float = refuse(self.arithmetic, "float() in compiled code")
        return found

    def __complex__(self) -> complex:
        found: complex = refuse(self.arithmetic, "complex()")
        return found

    def __index__(self) -> int:
        return operator.index(self.value)

    def __round__(self, digits: int | None = None) -> Any:
        arithmetic, value = self.arithmetic, self.value
        if isinstance(value, WHOLE):
            return Shadow(arithmetic, round(int(value), digits))
        if digits is None:
            return int(arithmetic.rounded(value, 0))
        return Shadow(arithmetic, arithmetic.rounded(value, digits))

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def round(self, decimals: Any = 0, out: None = None) -> Any:  # noqa: ARG002 - numpy passes it
        """Round as numpy's numbers do, and as `np.round` asks for it."""
        with as_numpy(self.arithmetic):
            return round(self, int(decimals))

    def is_integer(self) -> bool:
        return bool(self % 1 == 0)


def call(arithmetic: Arithmetic, name: str, *xs: Any, lenient: bool) -> Shadow:
    """Return a function of shadows or plain numbers: as numpy (lenient) or as `math` has it."""
    return Shadow(arithmetic, arithmetic.call(name, *map(plain, xs), lenient=lenient))


class ShadowArray(np.ndarray[Any, Any]):
    """An array of shadows (or of bools or ints that were made of one)."""

    arithmetic: Arithmetic | None

    def __array_finalize__(self, source: Any) -> None:
        self.arithmetic = getattr(source, "arithmetic", None)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        found = (getattr(entry, "arithmetic", None) for entry in (self, *inputs))
        arithmetic = next(entry for entry in found if entry is not None)
        return apply_ufunc(arithmetic, ufunc, method, inputs, options)

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(_index(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        if self.dtype == object and self.arithmetic is not None:
            value = _as_numbers(self.arithmetic, value)
        super().__setitem__(_index(key), value)

    def fill(self, value: Any) -> None:
        self[...] = value

    def round(self, decimals: Any = 0, out: Any = None) -> Any:
        if self.arithmetic is None or self.dtype != object or out is not None:
            return super().round(decimals, out)
        with as_numpy(self.arithmetic):
            return adopted(self.arithmetic, _elementwise(lambda x: round(x, int(decimals)), self))

    def dot(self, other: Any, out: Any = None) -> Any:
        if self.arithmetic is None or out is not None:
            return super().dot(other, out)
        return dot(self.arithmetic, self, other)


def _index(key: Any) -> Any:
    """Return an index with ints in the place of the shadows of ints."""
    if isinstance(key, tuple):
        return tuple(map(_index, key))
    if isinstance(key, list) and is_shadow(key):
        return np.array(key, dtype=np.intp)
    return as_ints(key)


def as_ints(value: Any) -> Any:
    """Return an array of shadows of ints as one of ints, anything else as it is."""
    if not isinstance(value, np.ndarray) or value.dtype != object or not value.size:
        return value
    if all(isinstance(entry, bool) for entry in value.flat):
        return value.astype(bool)
    if all(isinstance(plain(entry), WHOLE) for entry in value.flat):
        return np.array(list(value.flat), dtype=np.intp).reshape(value.shape)
    return value


def adopted(arithmetic: Arithmetic, value: Any) -> Any:
    """Return `value`, with plain floats and what object arrays hold turned into shadows.

    Lists, tuples and dict values are entered. An array that holds shadows already is not
    copied, only seen as a `ShadowArray`. Ints outside of object arrays are left alone.
    """
    if isinstance(value, float | np.floating):
        return Shadow(arithmetic, arithmetic.number(value))
    if isinstance(value, np.ndarray):
        return _adopted_array(arithmetic, value)
    if value.__class__ in (list, tuple):
        return value.__class__(adopted(arithmetic, entry) for entry in value)
    if value.__class__ is dict:
        return {key: adopted(arithmetic, entry) for key, entry in value.items()}
    return value


def _adopted_array(arithmetic: Arithmetic, array: Any) -> Any:
    if array.dtype.kind not in "fO":
        return array
    base = np.asarray(array)
    if base.dtype != object or not all(entry.__class__ is Shadow for entry in base.flat):
        base = _elementwise(lambda x: _element(arithmetic, x), base.astype(object))
    found = base.view(ShadowArray)
    found.arithmetic = arithmetic
    return found


def _as_numbers(arithmetic: Arithmetic, value: Any) -> Any:
    """Return `value` with its ints turned into shadows too."""
    if isinstance(value, WHOLE):
        return Shadow(arithmetic, value + 0)  # a bool becomes the int that it is in arithmetic
    if isinstance(value, np.ndarray) and value.dtype.kind in "biu":
        value = _elementwise(lambda x: _as_numbers(arithmetic, x), value)
    if isinstance(value, list):
        return [_as_numbers(arithmetic, entry) for entry in value]
    return adopted(arithmetic, value)


def _elementwise(function: Callable[..., Any], *arrays: Any) -> Any:
    return np.asarray(np.frompyfunc(function, len(arrays), 1)(*arrays), dtype=object)


def _element(arithmetic: Arithmetic, x: Any) -> Any:
    """Return what an object array holds; a plain int stands for a float there, as of `np.sign`."""
    is_real = isinstance(x, _REAL)
    return Shadow(arithmetic, arithmetic.number(x)) if is_real else x


# --- numpy's functions of elements --------------------------------------------------------------


@contextmanager
def as_numpy(arithmetic: Arithmetic) -> Iterator[None]:
    """Give infinity and nan where numpy does, instead of raising as floats do."""
    before = arithmetic.lenient
    arithmetic.lenient = True
    try:
        yield
    finally:
        arithmetic.lenient = before


def apply_ufunc(
    arithmetic: Arithmetic,
    ufunc: Any,
    method: str,
    inputs: Sequence[Any],
    options: Mapping[str, Any],
) -> Any:
    """Do what numpy is asked to do on shadows, by its own loops for objects."""
    options = dict(options)
    outputs = options.get("out", ())
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    if outputs:
        options["out"] = tuple(map(_bare, outputs))
    if "dtype" in options and options["dtype"] is not None:
        options["dtype"] = object if np.dtype(options["dtype"]).kind == "f" else options["dtype"]
    if method == "at":
        operands = [_bare(inputs[0]), _index(inputs[1])]
        operands += [_operand(arithmetic, entry) for entry in inputs[2:]]
    else:
        operands = [_operand(arithmetic, entry) for entry in inputs]
    if ufunc is np.true_divide or MATH_NAMES.get(ufunc.__name__, ufunc.__name__) in FUNCTIONS:
        operands = [_bare(_as_numbers(arithmetic, entry)) for entry in operands]  # ints too
    if arithmetic.reverses:
        operands = _reversed(ufunc, method, operands, options)
    with as_numpy(arithmetic):
        own = _OWN.get(ufunc)
        if own is not None and method == "__call__":
            result = _own_result(arithmetic, own, operands)
        else:
            result = getattr(ufunc, method)(*operands, **options)
    if outputs:
        return outputs[0] if len(outputs) == 1 else outputs
    return adopted(arithmetic, result)


def _bare(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, ShadowArray) else value


def _operand(arithmetic: Arithmetic, value: Any) -> Any:
    """Return an operand of a ufunc as an array of numpy's own class, with shadows for floats."""
    if isinstance(value, list | tuple):
        value = np.array(value, dtype=object if is_shadow(value) else None)
    if value.__class__ is Shadow:
        zero_dimensional = np.empty((), dtype=object)
        zero_dimensional[()] = value
        return zero_dimensional
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return _operand(arithmetic, Shadow(arithmetic, value))
    value = adopted(arithmetic, value)
    return _operand(arithmetic, value) if value.__class__ is Shadow else _bare(value)


def _own_result(arithmetic: Arithmetic, own: Callable[..., Any], operands: Sequence[Any]) -> Any:
    result = _elementwise(lambda *xs: own(arithmetic, *xs), *operands)
    if result.size and all(isinstance(entry, bool) for entry in result.flat):
        result = result.astype(bool)
    return result[()]


def _reversed(
    ufunc: Any, method: str, operands: list[Any], options: Mapping[str, Any]
) -> list[Any]:
    """Return the operands with the terms of each sum in the reverse order."""
    if ufunc is np.matmul and method == "__call__":
        return list(_contracted_backwards(*operands))
    is_sum = ufunc is np.add and method == "reduce" and np.ndim(operands[0]) > 0
    if is_sum and options.get("where", True) is True:
        return [np.flip(operands[0], options.get("axis", 0)), *operands[1:]]
    return operands


def _contracted_backwards(a: Any, b: Any) -> tuple[Any, Any]:
    if a.ndim == 0 or b.ndim == 0:
        return a, b
    return np.flip(a, -1), np.flip(b, -1 if b.ndim == 1 else -2)


def dot(arithmetic: Arithmetic, a: Any, b: Any) -> Any:
    """Return what `np.dot` does."""
    a, b = _operand(arithmetic, a), _operand(arithmetic, b)
    if arithmetic.reverses:
        a, b = _contracted_backwards(a, b)
    with as_numpy(arithmetic):
        return adopted(arithmetic, np.dot(a, b))


def _of_two(name: str) -> Callable[..., Any]:
    return lambda arithmetic, x, y: call(arithmetic, name, x, y, lenient=True)


def _question(question: Callable[[Any], bool]) -> Callable[..., Any]:
    return lambda _arithmetic, x: bool(question(float(plain(x))))


def _whole(function: Callable[[Any], int]) -> Callable[..., Any]:
    def taken(arithmetic: Arithmetic, x: Any) -> Any:
        is_finite = math.isfinite(float(plain(x)))
        return Shadow(arithmetic, arithmetic.number(function(x) if is_finite else plain(x)))

    return taken


def _log_sum(power: str, unit: float) -> Callable[..., Any]:
    def added(arithmetic: Arithmetic, x: Any, y: Any) -> Any:
        if x == y:  # infinities too, which have no difference
            return x + unit
        power_of_gap = call(arithmetic, power, -abs(x - y), lenient=True)
        return max(x, y) + call(arithmetic, "log1p", power_of_gap, lenient=True) * _PER_LOG[power]

    return added


_PER_LOG = {"exp": 1.0, "exp2": 1 / math.log(2)}


_OWN: Mapping[Any, Callable[..., Any]] = {
    np.isfinite: _question(math.isfinite),
    np.isnan: _question(math.isnan),
    np.isinf: _question(math.isinf),
    np.signbit: _question(lambda x: math.copysign(1, x) < 0),
    np.arctan2: _of_two("atan2"),
    np.copysign: _of_two("copysign"),
    np.fmod: _of_two("fmod"),
    np.hypot: _of_two("hypot"),
    np.floor: _whole(math.floor),
    np.ceil: _whole(math.ceil),
    np.trunc: _whole(math.trunc),
    np.float_power: lambda _arithmetic, x, y: x**y,
    np.logaddexp: _log_sum("exp", math.log(2)),
    np.logaddexp2: _log_sum("exp2", 1.0),
}
"""Functions of elements that numpy cannot compute on objects, or gives ints for."""
