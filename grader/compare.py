"""Is this value the answer? The judge's checker: strict about kinds, tolerant of rounding.

A number is accepted if `abs(actual - desired) <= rtol*S + atol`, where S is the error scale
of the desired number (see `grader.scale`); the tolerance never depends on the student's
value. NaN compares false and so fails, unless NaN is what is desired; an infinity equals
only itself. Numbers are int, float and numpy's real scalars and 0-d arrays of them; bool,
str, Decimal, Fraction and complex are not. Where a list or a tuple is desired, a list, a
tuple or an array of as many entries is accepted; where an array is desired, only an array
of the same shape is, of floats of whatever precision where floats are desired; a dict has
exactly the same keys; anything else is equal and of the same type.

A student's value comes from `grader.values.decode`. `compare` looks at exact types and
walks along `desired`, so that it cannot be made to raise, to loop or to run a class's own
code. What it cannot judge (a desired value of an unknown kind, a scale that is not finite)
is the author's error, and an exception.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from grader.errors import AuthorError
from grader.mismatch import (
    Mismatch,
    MismatchKind,
    a_kind,
    not_overflowed,
    wrong_dtype,
    wrong_keys,
    wrong_length,
    wrong_number,
    wrong_shape,
    wrong_type,
    wrong_value,
)
from grader.scale import OVERFLOW
from grader.spec import Tolerance

__all__ = ["Mismatch", "MismatchKind", "compare"]

_NUMBERS = {int, float, *(s for s in np.sctypeDict.values() if np.dtype(s).kind in "iuf")}
_SEQUENCES = {list, tuple}
_PLAIN = {bool, np.bool_, str, bytes, type(None)}


def compare(
    actual: Any,
    desired: Any,
    scale: Any,
    tolerance: Tolerance,
    finite: bool = True,
    keys: Mapping[str, Tolerance] = MappingProxyType({}),
) -> Mismatch | None:
    """Return None if `actual` is accepted, else what is wrong with it.

    `scale` has the structure of `desired`, as `grader.scale.Traced` says. `finite` is False
    where the reference itself overflowed on the way: then an infinity or NaN is accepted in
    the place of any number, and `desired` may be `OVERFLOW`. `keys` holds a tolerance of its
    own for single keys of a dict that is the whole value.
    """
    if type(actual) is float and type(desired) is float:
        # The last bound: an infinite desired value would otherwise be near everything.
        if abs(actual - desired) <= tolerance.rtol * scale + tolerance.atol < math.inf:
            return None
    elif desired is OVERFLOW:
        return None if _overflows(actual) else not_overflowed(actual)
    return _Comparison(tolerance, finite, keys).compare(actual, desired, scale, "")


def _overflows(value: Any) -> bool:
    """Tell whether a value holds a number that is not finite; its structure is not known."""
    if type(value) in _SEQUENCES:
        return any(map(_overflows, value))
    if type(value) is dict:
        return any(map(_overflows, value.values()))
    if type(value) is np.ndarray and value.dtype.kind in "iuf":
        return not bool(np.isfinite(value).all())
    return type(value) in _NUMBERS and not math.isfinite(_to_float(_scalar(value)))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One comparison. `at` is the place in the value, such as "[2]['w']"."""

    tolerance: Tolerance
    finite: bool
    keys: Mapping[str, Tolerance] = field(default_factory=dict)

    def compare(self, actual: Any, desired: Any, scale: Any, at: str) -> Mismatch | None:
        kind = type(desired)
        if _scalar(desired) is not None:
            return self._number(actual, desired, scale, at)
        if kind in _SEQUENCES:
            return self._sequence(actual, desired, scale, at)
        if kind is dict:
            return self._mapping(actual, desired, scale, at)
        if kind is np.ndarray and desired.dtype.kind in "iufb":
            return self._array(actual, desired, scale, at)
        if kind in _PLAIN:
            return _plain(actual, desired, at)
        raise AuthorError(f"a reference must not return {a_kind(desired)}: nothing can compare it")

    def _number(self, actual: Any, desired: Any, scale: Any, at: str) -> Mismatch | None:
        number, wanted = _scalar(actual), _scalar(desired)
        if number is None or wanted is None:
            return wrong_type(actual, "a number", at)
        allowed = self.tolerance.rtol * float(scale) + self.tolerance.atol
        if not 0 <= allowed < math.inf:
            raise AuthorError(f"an error scale has to be a finite number >= 0, and is {scale!r}")
        if _distance(number, wanted) <= allowed or _same_special(number, wanted):
            return None
        if not self.finite and not math.isfinite(_to_float(number)):
            return None
        return wrong_number(number, wanted, at)

    def _sequence(self, actual: Any, desired: Any, scale: Any, at: str) -> Mismatch | None:
        if type(actual) not in _SEQUENCES and not (type(actual) is np.ndarray and actual.ndim):
            return wrong_type(actual, f"a {type(desired).__name__}", at)
        if len(actual) != len(desired):
            return wrong_length(len(actual), len(desired), at)
        for i, (one, wanted, size) in enumerate(zip(actual, desired, scale, strict=True)):
            if mismatch := self.compare(one, wanted, size, f"{at}[{i}]"):
                return mismatch
        return None

    def _mapping(self, actual: Any, desired: Any, scale: Any, at: str) -> Mismatch | None:
        if type(actual) is not dict:
            return wrong_type(actual, "a dict", at)
        if actual.keys() != desired.keys():
            return wrong_keys(actual, desired, at)
        for key, wanted in desired.items():
            inner = _Comparison(self.keys.get(key, self.tolerance), self.finite)
            if mismatch := inner.compare(actual[key], wanted, scale[key], f"{at}[{key!r}]"):
                return mismatch
        return None

    def _array(self, actual: Any, desired: Any, scale: Any, at: str) -> Mismatch | None:
        truths = desired.dtype.kind == "b"
        if type(actual) is not np.ndarray or actual.dtype.kind not in ("b" if truths else "iuf"):
            return wrong_type(actual, f"an array of {'booleans' if truths else 'numbers'}", at)
        if actual.shape != desired.shape:
            return wrong_shape(actual.shape, desired.shape, at)
        if desired.dtype.kind == "f" and actual.dtype.kind != "f":
            return wrong_dtype(actual.dtype, desired.dtype, at)
        doubtful = actual != desired if truths else ~self._is_close(actual, desired, scale)
        for index in map(tuple, np.argwhere(doubtful).tolist()):
            size = None if truths else scale[index]
            place = f"{at}[{', '.join(map(str, index))}]"
            if mismatch := self.compare(actual[index], desired[index], size, place):
                return mismatch
        return None

    def _is_close(self, actual: Any, desired: Any, scale: Any) -> Any:
        """Accept the ordinary numbers of an array in one go, as an array of booleans."""
        with np.errstate(all="ignore"):
            allowed = self.tolerance.rtol * scale + self.tolerance.atol
            distance = np.abs(actual.astype(float) - desired.astype(float))
        return np.asarray((distance <= allowed) & (allowed < math.inf))


def _plain(actual: Any, desired: Any, at: str) -> Mismatch | None:
    """Compare what is no number: booleans, strings, bytes and None."""
    actual, desired = _as_bool(actual), _as_bool(desired)
    if type(actual) is not type(desired):
        return wrong_type(actual, a_kind(desired), at)
    return None if actual == desired else wrong_value(actual, desired, at)


def _as_bool(value: Any) -> Any:
    return bool(value) if type(value) is np.bool_ else value


def _scalar(value: Any) -> int | float | None:
    """Return a number as Python's own int or float; None for what is not a number."""
    kind = type(value)
    if kind is float or kind is int:
        return value  # type: ignore[no-any-return]  # mypy does not narrow by `kind is`
    if kind is np.ndarray and value.ndim == 0:
        return _scalar(value[()])
    if kind not in _NUMBERS:
        return None
    return int(value) if issubclass(kind, np.integer) else float(value)


def _to_float(number: int | float | None) -> float:
    """Return a number as a float; an int beyond a float's range as an infinity."""
    if number is None:
        return 0.0
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _distance(number: int | float, wanted: int | float) -> float:
    """Return |number - wanted|, exactly between ints of any size."""
    if isinstance(number, int) and isinstance(wanted, int):
        return abs(number - wanted)
    return abs(_to_float(number) - _to_float(wanted))


def _same_special(number: int | float, wanted: int | float) -> bool:
    """Tell whether both are the same infinity, or both NaN."""
    if isinstance(number, int) or isinstance(wanted, int):
        return False
    return (number == wanted) or (number != number and wanted != wanted)
