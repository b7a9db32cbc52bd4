"""A challenge as its author declares it: frozen pydantic models, no behaviour, no I/O.

A spec is a Python module `challenges/<slug>/spec.py` that binds `challenge` to a
`Challenge`. Functions (reference, variants, generators) are plain imports, so they
are typed and rename-safe; they serialise one way, to dotted names. Whatever a spec
says is checked here, so that an author's slip is one line when the spec loads and
not a wrong mark later.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
from pydantic import BaseModel, Field, model_validator

from grader.checks import Check, Grows, Holds, Matches, Raises, Relates
from grader.declared import Args, Identifier, Slug, Spec, Tolerance
from grader.space import ArrayOf, ListOf, Number, OneOf, Record, Space, Whole
from grader.verdict import Visibility

__all__ = [
    "Args",
    "ArrayOf",
    "Case",
    "Challenge",
    "Check",
    "Generator",
    "Group",
    "Grows",
    "Holds",
    "Limits",
    "ListOf",
    "Matches",
    "Misconception",
    "Number",
    "OneOf",
    "Raises",
    "Record",
    "Relates",
    "Space",
    "Spec",
    "Tolerance",
    "Whole",
    "functions_of",
]

Generator = Callable[[np.random.Generator], Sequence[Args]]
"""One draw: the arguments of one or more consecutive calls, made from the given stream only."""


UNWRITTEN = "(to be written)"
"""How a sentence begins that `grader promote` has left to the author; `verify` names it."""


class Limits(Spec):
    """What one submission may use. Times in seconds, sizes in bytes unless the name says MB."""

    cpu_case_s: float = Field(1.0, gt=0, le=60)
    cpu_s: float = Field(2.0, gt=0, le=600)
    wall_s: float = Field(5.0, gt=0, le=1200)
    memory_mb: int = Field(512, ge=64, le=8192)
    result_bytes: int = Field(1 << 20, ge=1024, le=8 << 20)
    print_bytes: int = Field(64 << 10, ge=0, le=1 << 20)


class Case(Spec):
    """A hand-made case. The arguments are copied (encoded) when the dataset is built."""

    name: str = Field(min_length=1, max_length=80)
    args: Args


class Group(Spec):
    """Cases that test one idea, with the points and the visibility that they share.

    Hand-made `cases` come first, then `draws` draws of `generate`. `award="all"` gives the
    points only when every case of the group is accepted; `"sum"` shares them equally.
    `inputs_unchanged` also requires that a call leaves its arguments as they were. `check`
    says how answers are judged; a `Grows` brings its own case. `depends_on` names earlier
    groups: unless all of their cases are accepted, this one is skipped and gives no points.
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
    check: Check = Matches()
    depends_on: tuple[Slug, ...] = ()

    @model_validator(mode="after")
    def _has_cases(self) -> Self:
        if isinstance(self.check, Grows):
            if self.cases or self.generate is not None or self.draws:
                raise ValueError(f"group {self.name!r}: `Grows` makes its own case: give no other")
            return self
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
    """Everything that is declared about one challenge; `id` is the function students write.

    `runs` is for what is random by nature: a case is wrong only if it fails in so many runs,
    each with a seed of its own. A random reference draws from the module-level functions of
    `random` or `numpy.random` (seeded by the judge) and needs checks that judge outcomes.
    `javascript_engine="node"` is for what QuickJS cannot run (Node's own modules, WebAssembly, much
    arithmetic): each process then takes 40 ms of CPU time to start, not 3.
    """

    id: Identifier
    title: str = Field(min_length=1, max_length=100)
    parameters: tuple[Identifier, ...] = Field(min_length=1)
    reference: Callable[..., Any]
    groups: tuple[Group, ...] = Field(min_length=1)
    misconceptions: tuple[Misconception, ...] = ()
    tolerance: Tolerance = Tolerance()
    scale: Callable[..., Any] | None = None
    space: Space | None = None
    runs: int = Field(1, ge=1, le=5)
    limits: Limits = Limits()
    languages: tuple[str, ...] = ("python", "javascript")
    javascript_engine: Literal["quickjs", "node"] = "quickjs"
    packages: tuple[str, ...] = ("numpy",)
    threads: int = Field(0, ge=0, le=64)
    scratch_mb: int = Field(0, ge=0, le=1024)
    isolation: Literal["submission", "case"] = "submission"

    @model_validator(mode="after")
    def _unfolds_along_parameters(self) -> Self:
        for name in () if self.space is None else self.space.unfolds:
            if name not in self.parameters:
                raise ValueError(
                    f"the space unfolds along {name!r}, which is none of the parameters "
                    f"{', '.join(self.parameters)}"
                )
        return self

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for what, names in (
            ("group", [group.name for group in self.groups]),
            ("misconception", [entry.id for entry in self.misconceptions]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what} {twice[0]!r} is declared twice")
        known: set[str] = set()
        for group in self.groups:
            for name in group.depends_on:
                if name not in known:
                    raise ValueError(
                        f"group {group.name!r} depends on {name!r}, which is no earlier group"
                    )
            known.add(group.name)
            for case in group.cases:
                if len(case.args) != len(self.parameters):
                    raise ValueError(
                        f"case {case.name!r} of group {group.name!r} has {len(case.args)} "
                        f"arguments; {self.id} takes {len(self.parameters)}"
                    )
        if sum(group.points for group in self.groups) <= 0:
            raise ValueError("the groups' points add up to nothing")
        return self


def functions_of(declaration: Any) -> Iterator[Callable[..., Any]]:
    """Yield every function that a declaration names, at whatever depth."""
    if isinstance(declaration, BaseModel):
        for name in type(declaration).model_fields:
            yield from functions_of(getattr(declaration, name))
    elif isinstance(declaration, Mapping):
        for entry in declaration.values():
            yield from functions_of(entry)
    elif isinstance(declaration, tuple | list):
        for entry in declaration:
            yield from functions_of(entry)
    elif callable(declaration) and not isinstance(declaration, type):
        yield declaration
