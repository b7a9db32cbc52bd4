"""A challenge as its author declares it: frozen pydantic models, no behaviour, no I/O.

A spec is a Python module `challenges/<slug>/spec.py` that binds `challenge` to a
`Challenge`. Functions (reference, variants, generators) are plain imports, so they
are typed and rename-safe; they serialise one way, to dotted names. Whatever a spec
says is checked here, so that an author's slip is one line when the spec loads and
not a wrong mark later.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from grader.verdict import Visibility

Args = tuple[Any, ...]
"""The positional arguments of one call."""

Generator = Callable[[np.random.Generator], Sequence[Args]]
"""One draw: the arguments of one or more consecutive calls, made from the given stream only."""

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]
Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]


class Spec(BaseModel):
    """Base of every declaration: frozen, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Limits(Spec):
    """What one submission may use. Times in seconds, sizes in bytes unless the name says MB."""

    cpu_case_s: float = Field(1.0, gt=0, le=60)
    cpu_s: float = Field(2.0, gt=0, le=600)
    wall_s: float = Field(5.0, gt=0, le=1200)
    memory_mb: int = Field(512, ge=64, le=8192)
    result_bytes: int = Field(1 << 20, ge=1024, le=8 << 20)
    print_bytes: int = Field(64 << 10, ge=0, le=1 << 20)


class Tolerance(Spec):
    """`abs(actual - desired) <= rtol*S + atol`, where S >= |desired| is the case's error scale."""

    rtol: float = Field(2.0**-20, ge=0, lt=0.1)
    atol: float = Field(1e-12, ge=0)


class Case(Spec):
    """A hand-made case. The arguments are copied (encoded) when the dataset is built."""

    name: str = Field(min_length=1, max_length=80)
    args: Args


class Group(Spec):
    """Cases that test one idea, with the points and the visibility that they share.

    Hand-made `cases` come first, then `draws` draws of `generate`. `award="all"` gives the
    points only when every case of the group is accepted; `"sum"` shares them equally.
    `inputs_unchanged` also requires that a call leaves its arguments as they were.
    """

    name: Slug
    title: str = Field(min_length=1, max_length=80)
    points: float = Field(ge=0)
    visibility: Visibility = Visibility.HIDDEN
    cases: tuple[Case, ...] = ()
    generate: Generator | None = None
    draws: int = Field(0, ge=0, le=1000)
    award: Literal["sum", "all"] = "sum"
    inputs_unchanged: bool = False

    @model_validator(mode="after")
    def _has_cases(self) -> Self:
        if (self.generate is None) != (self.draws == 0):
            raise ValueError(f"group {self.name!r}: `generate` and `draws` go together")
        if not self.cases and self.generate is None:
            raise ValueError(f"group {self.name!r} has no cases: give `cases` or `generate`")
        return self


class Misconception(Spec):
    """A mistake that students make: a function that makes it, and a sentence that teaches."""

    id: Slug
    variant: Callable[..., Any]
    title: str = Field(min_length=1, max_length=100)
    hint: str = Field(min_length=1, max_length=600)


class Challenge(Spec):
    """Everything that is declared about one challenge; `id` is the function students write."""

    id: Identifier
    title: str = Field(min_length=1, max_length=100)
    parameters: tuple[Identifier, ...] = Field(min_length=1)
    reference: Callable[..., Any]
    groups: tuple[Group, ...] = Field(min_length=1)
    misconceptions: tuple[Misconception, ...] = ()
    tolerance: Tolerance = Tolerance()
    scale: Callable[..., Any] | None = None
    limits: Limits = Limits()
    languages: tuple[str, ...] = ("python",)
    packages: tuple[str, ...] = ("numpy",)
    threads: int = Field(0, ge=0, le=64)
    scratch_mb: int = Field(0, ge=0, le=1024)
    isolation: Literal["submission", "case"] = "submission"

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for what, names in (
            ("group", [group.name for group in self.groups]),
            ("misconception", [entry.id for entry in self.misconceptions]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what} {twice[0]!r} is declared twice")
        for group in self.groups:
            for case in group.cases:
                if len(case.args) != len(self.parameters):
                    raise ValueError(
                        f"case {case.name!r} of group {group.name!r} has {len(case.args)} "
                        f"arguments; {self.id} takes {len(self.parameters)}"
                    )
        if sum(group.points for group in self.groups) <= 0:
            raise ValueError("the groups' points add up to nothing")
        return self
