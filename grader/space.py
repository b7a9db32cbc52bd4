"""The public input space of a challenge: small, simple inputs that anybody may see.

Counterexamples are searched in it, so its values should be such that a person can work with
them: short lists, halves and quarters. Declarations only; `grader.searching` draws from them.
Every domain is simplest at its low end nearest to 0, or at its first value.
"""

from collections.abc import Callable, Mapping
from typing import Any, Self, Union

from pydantic import Field, model_validator

from grader.checks import Check, Matches
from grader.declared import Args, Identifier, Spec


class Number(Spec):
    """A float: a multiple of `step` from `low` to `high`, both included."""

    low: float
    high: float
    step: float = Field(0.5, gt=0)


class Whole(Spec):
    """An int from `low` to `high`, both included."""

    low: int
    high: int


class OneOf(Spec):
    """One of the given values, the simplest first."""

    values: tuple[Any, ...] = Field(min_length=1)


class ListOf(Spec):
    """A list of `least` to `most` entries."""

    of: "Domain"
    least: int = Field(0, ge=0)
    most: int = Field(3, ge=0, le=20)


class Record(Spec):
    """A dict with these keys."""

    fields: Mapping[str, "Domain"]


class ArrayOf(Spec):
    """A float64 array of a fixed shape, its numbers as in `Number`."""

    shape: tuple[int, ...]
    low: float
    high: float
    step: float = Field(0.5, gt=0)


Domain = Union[Number, Whole, OneOf, ListOf, Record, ArrayOf]  # noqa: UP007 (forward references)


class Space(Spec):
    """One draw takes a value from each domain of `of`; `make` turns them into the arguments.

    Without `make` the values are the arguments. `check` says how an answer is judged there.
    Every input has to be one for which a right answer is agreed in the statement. `shows` names
    variables of the reference whose values a counterexample may list step by step, as the
    statement's worked example does.
    """

    of: tuple[Domain, ...] = Field(min_length=1)
    make: Callable[..., Args] | None = None
    check: Check = Matches()
    shows: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        for domain in self.of:
            if isinstance(domain, Number | Whole | ArrayOf) and domain.low > domain.high:
                raise ValueError(f"the domain {domain!r} is empty: low is above high")
        return self


ListOf.model_rebuild()
Record.model_rebuild()
