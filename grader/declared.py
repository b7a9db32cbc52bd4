"""What every declaration is made of: the frozen base, names, tolerances. Pure, no I/O."""

import math
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Args = tuple[Any, ...]
"""The positional arguments of one call."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]

MARGIN = 10.0
"""A tolerance stays this many times above the noise of right programs and below every wrong one."""

_NOISE_SHARE = 2 / 3
"""Where a derived tolerance lies in the gap: at a third of its decades, nearer to the noise.

A right program that fails costs a student points; a wrong one that passes by rounding has to
come a hundred times nearer than any mistake that is known.
"""

_ATOL_OVER_RTOL = 1e-6
_MOST_RTOL = 2.0**-4


class Spec(BaseModel):
    """Base of every declaration: frozen, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Written(Spec):
    """Base of what is written in TOML, which has types: a number in quotes is refused."""

    model_config = ConfigDict(strict=True)


class Tolerance(Spec):
    """`abs(actual - desired) <= rtol*S + atol`, where S >= |desired| is the case's error scale.

    `noise_ceiling` and `bug_floor` are the evidence that a derived tolerance rests on, both in
    units of S: how far right programs were seen to differ, how near a wrong one came.
    """

    rtol: float = Field(2.0**-20, ge=0, lt=0.1)
    atol: float = Field(1e-12, ge=0)
    noise_ceiling: float | None = Field(None, gt=0)
    bug_floor: float | None = Field(None, gt=0)

    @classmethod
    def derived(cls, *, noise_ceiling: float, bug_floor: float) -> Self:
        """Place rtol in the gap between the two figures that `grader verify` has measured.

        It is the power of two nearest to ceiling**(2/3) * floor**(1/3), and where that is too
        near to the noise the next one. `ValueError` where the gap is too narrow to hold one with
        a margin of `MARGIN` on both sides.
        """
        if not (0 < noise_ceiling < math.inf and bug_floor > 0):
            raise ValueError(
                "no tolerance fits: a noise ceiling and a bug floor are numbers above 0, not "
                f"{noise_ceiling:g} and {bug_floor:g}"
            )
        ideal = noise_ceiling**_NOISE_SHARE * bug_floor ** (1 - _NOISE_SHARE)
        least = 2.0 ** math.ceil(math.log2(MARGIN * noise_ceiling))
        rtol = max(least, min(2.0 ** round(math.log2(ideal)), _MOST_RTOL))
        if not rtol <= min(bug_floor / MARGIN, _MOST_RTOL):
            raise ValueError(
                f"no tolerance fits between a noise ceiling of {noise_ceiling:.2g} and a bug "
                f"floor of {bug_floor:.2g}, {MARGIN:g} times from both and at most {_MOST_RTOL:g}: "
                "draw milder cases, or cases in which the nearest mistake shows more"
            )
        return cls(
            rtol=rtol,
            atol=rtol * _ATOL_OVER_RTOL,
            noise_ceiling=noise_ceiling,
            bug_floor=bug_floor,
        )

    @model_validator(mode="after")
    def _has_both_or_no_evidence(self) -> Self:
        if (self.noise_ceiling is None) != (self.bug_floor is None):
            raise ValueError("`noise_ceiling` and `bug_floor` go together: see Tolerance.derived")
        return self
