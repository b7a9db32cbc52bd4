"""Mpmath's arithmetic of 50 digits, in which rounding does not show.

Mpmath is no dependency of the package: whoever makes a `Truth` has seen that it is installed.
"""

import importlib
import operator
from typing import Any

from grader.arithmetic import FUNCTIONS2, WHOLE, Checked, Operation, finite

DIGITS = 50

_SMALLEST = -20000
"""Below 2 to this power a number is 0: nothing in double is as small, by far."""


class Truth(Checked):
    """Mpmath's numbers of 50 digits. Inputs and constants are what they are in double."""

    name = "mpmath"

    def __init__(self) -> None:
        super().__init__()
        # A context of our own: the precision of mpmath's global one is nobody's business here.
        self._mp: Any = importlib.import_module("mpmath").MPContext()
        self._mp.dps = DIGITS
        self._operations: dict[Any, Operation] = {
            operator.floordiv: lambda x, y: self._mp.floor(x / y),
            operator.mod: lambda x, y: x - y * self._mp.floor(x / y),
        }

    def number(self, x: Any) -> Any:
        if x.__class__ is self._mp.mpf:
            return x
        return self._mp.mpf(int(x) if isinstance(x, WHOLE) else float(x))

    def exactly(self, x: Any) -> Any:
        return self.number(x)

    def whole(self, name: str, x: Any) -> int:
        if not finite(x):
            return super().whole(name, float(x))
        return int(x if name == "trunc" else getattr(self._mp, name)(x))

    def rounded(self, x: Any, digits: int) -> Any:
        unit = self._mp.mpf(10) ** digits
        return self._mp.nint(x * unit) / unit

    def bare(self, operation: Operation, x: Any, y: Any) -> Any:
        try:
            return self._real(self._operations.get(operation, operation)(x, y))
        except ZeroDivisionError:  # at a pole, where numpy has an infinity
            return self._mp.inf * (1 if operation is operator.pow else self._mp.sign(x))

    def bare_function(self, name: str, xs: tuple[Any, ...]) -> Any:
        try:
            return self._real(self._function(name, *xs))
        except ValueError:  # a pole of gamma
            return self._mp.inf

    def _real(self, z: Any) -> Any:
        """Return a real number; an infinity for one that overflows in double.

        Mpmath knows no overflow: where a program diverges, it would compute for ages.
        """
        mp = self._mp
        if isinstance(z, mp.mpc):
            return mp.nan
        if not mp.isfinite(z) or z == 0:
            return z
        magnitude = mp.mag(z)  # |z| < 2 to this power
        if magnitude > 1024:
            return mp.inf * mp.sign(z)
        return z if magnitude > _SMALLEST else mp.zero

    def _function(self, name: str, x: Any, y: Any = 0) -> Any:
        mp = self._mp
        match name:
            case "exp2":
                return mp.mpf(2) ** x
            case "log2" | "log10":
                base = int(name[3:])
                z = mp.log(x, base)
                # The logarithm of a power of the base is a count more often than not: exact.
                return mp.nint(z) if x > 0 and mp.mpf(base) ** mp.nint(z) == x else z
            case "cbrt":
                return mp.sign(x) * mp.cbrt(abs(x))
            case "rint":
                return mp.nint(x)
            case "lgamma":
                return mp.log(abs(mp.gamma(x)))
            case "fmod":
                return x - y * int(x / y)
            case "copysign":
                return abs(x) if y >= 0 else -abs(x)
            case _ if name in FUNCTIONS2:
                return getattr(mp, name)(x, y)
            case _:
                return getattr(mp, name)(x)
