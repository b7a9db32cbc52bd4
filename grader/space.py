"""The public input space of a challenge: small, simple inputs that anybody may see.

Counterexamples are searched in it, so its values should be such that a person can work with
them: short lists, halves and quarters. Declarations only; `grader.searching` draws from them.
Every domain is simplest at its low end nearest to 0, or at its first value.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, Self, Union

from pydantic import Field, model_validator

from grader.checks import Check, Matches
from grader.declared import Args, Identifier, Spec

MOST_VALUES = 10_000
_NEARLY = 1e-9


class _Steps(Spec):
    """Base of what takes its numbers from a range: not empty, and small enough to look through."""

    low: float
    high: float
    step: float = Field(0.5, gt=0)

    @model_validator(mode="after")
    def _has_a_few_values(self) -> Self:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError("the bounds of a domain have to be finite numbers")
        first = math.ceil(self.low / self.step - _NEARLY)
        last = math.floor(self.high / self.step + _NEARLY)
        if not first <= last:
            raise ValueError(
                f"no multiple of {self.step:g} lies from {self.low:g} to {self.high:g}"
            )
        if last - first >= MOST_VALUES:
            raise ValueError(
                f"more than {MOST_VALUES} values lie from {self.low:g} to {self.high:g}: an "
                "example should be small enough to be worked out by hand"
            )
        return self


class Number(_Steps):
    """A float: a multiple of `step` from `low` to `high`, both included."""


class Whole(_Steps):
    """An int from `low` to `high`, both included."""

    low: int
    high: int
    step: Literal[1] = 1


class OneOf(Spec):
    """One of the given values, the simplest first."""

    values: tuple[Any, ...] = Field(min_length=1)


class ListOf(Spec):
    """A list of `least` to `most` entries."""

    of: "Domain"
    least: int = Field(0, ge=0)
    most: int = Field(3, ge=0, le=20)

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.least > self.most:
            raise ValueError(f"no list has at least {self.least} and at most {self.most} entries")
        return self


class Record(Spec):
    """A dict with these keys."""

    fields: Mapping[str, "Domain"]


class ArrayOf(_Steps):
    """A float64 array of a fixed shape, its numbers as in `Number`."""

    shape: tuple[int, ...]


Domain = Union[Number, Whole, OneOf, ListOf, Record, ArrayOf]  # noqa: UP007 (forward references)


class Space(Spec):
    """One draw takes a value from each domain of `of`; `make` turns them into the arguments.

    Without `make` the values are the arguments. `check` says how an answer is judged there.
    Every input has to be one for which a right answer is agreed in the statement. `shows` names
    variables of the reference whose values a counterexample may list step by step, as the
    statement's worked example does. `unfolds` names the parameter that counts the steps of an
    iterative algorithm: a whole number from 0, or a list (or several of equal length) that is
    worked through from its beginning. An example is then also asked with fewer and more steps,
    beyond the space too: they have to be right inputs as well.
    """

    of: tuple[Domain, ...] = Field(min_length=1)
    make: Callable[..., Args] | None = None
    check: Check = Matches()
    shows: tuple[Identifier, ...] = ()
    unfolds: tuple[Identifier, ...] = ()


ListOf.model_rebuild()
Record.model_rebuild()
