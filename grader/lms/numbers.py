"""A grade as every platform reads it: digits, `.` and nothing else. Pure.

Platforms that misread a number do so without a word: Moodle takes `12,5` for 12 and `A+` for 0,
Canvas `1,000` for one. So numbers are written here alone, and what cannot be written is refused.

Rounding is half to even, on the exact fraction, as the last step of all.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from grader.errors import UsageError

MOST_DIGITS = 5
"""After the point; what platforms keep at most."""

OverMax = Literal["error", "clamp", "allow"]

_WRITTEN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")


class OverMaximum(UsageError):
    """A grade is above what the platform's column can hold."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """From points of the run to those of a platform's column.

    `maximum` is what the column's full marks are, None to leave points as they are; `over_max` what
    becomes of a grade above it; `digits` are kept after the point.
    """

    maximum: Fraction | None = None
    digits: int = 2
    over_max: OverMax = "error"

    def __post_init__(self) -> None:
        if not 0 <= self.digits <= MOST_DIGITS:
            raise UsageError(
                f"--round {self.digits}: expected 0 to {MOST_DIGITS} digits after the point"
            )
        if self.maximum is not None and _cut(self.maximum, self.digits) <= 0:
            raise UsageError(
                f"a maximum of {written(self.maximum)} with {self.digits} digits after the point: "
                "every grade would be 0; expected a larger number"
            )


def scaled(score: Fraction, max_score: Fraction, scaling: Scaling) -> Fraction:
    """Return a score in the column's points, rounded; never below 0.

    `OverMaximum` where it exceeds the maximum and is neither to be clamped nor allowed.
    """
    most = max_score if scaling.maximum is None else scaling.maximum
    if score and not max_score:
        raise UsageError("a score out of 0 cannot be scaled: the run's maximum is 0")
    points = score * most / max_score if max_score else Fraction(0)
    points = max(points, Fraction(0))
    if points > most and scaling.over_max != "allow":
        if scaling.over_max == "error":
            raise OverMaximum(
                f"{written(points, scaling.digits)} is above the maximum of "
                f"{written(most, scaling.digits)}: give --over-max clamp to send the maximum, or "
                "--over-max allow where the platform takes more"
            )
        points = most
    rounded = round(points, scaling.digits)
    # Rounded up beyond full marks it would be what platforms pass over or refuse.
    return rounded if points > most or rounded <= most else _cut(most, scaling.digits)


def _cut(number: Fraction, digits: int) -> Fraction:
    return Fraction(math.floor(number * 10**digits), 10**digits)


def written(number: Fraction, digits: int = MOST_DIGITS) -> str:
    """Return a number with `.`, without exponent, sign of nothing or trailing zeros.

    >>> written(Fraction(15, 2)), written(Fraction(1, 3), 2), written(Fraction(100))
    ('7.5', '0.33', '100')
    """
    units = round(abs(number) * 10**digits)
    whole, rest = divmod(units, 10**digits)
    sign = "-" if number < 0 and units else ""
    fraction = f"{rest:0{digits}d}".rstrip("0") if digits else ""
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def read(text: str, *, decimal_comma: bool = False) -> Fraction | None:
    """Return the number that a cell holds, None if it holds none.

    >>> read(" 87.50 "), read("12,5"), read("12,5", decimal_comma=True), read("A+"), read("1e3")
    (Fraction(175, 2), None, Fraction(25, 2), None, None)
    """
    bare = text.strip()
    if decimal_comma and bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    return Fraction(bare) if _WRITTEN.fullmatch(bare) and bare.isascii() else None


def of_json(value: object) -> Fraction | None:
    """Return the number of a JSON value, be it a number or one in a string; None for all else.

    >>> of_json(0.1), of_json("77.50000"), of_json(None), of_json(True), of_json(float("inf"))
    (Fraction(1, 10), Fraction(155, 2), None, None, None)
    >>> of_json(10**400) == 10**400
    True
    """
    if isinstance(value, str):
        return read(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    # As it was written: a float's own value is only near the decimals that were meant.
    return Fraction(repr(value))
