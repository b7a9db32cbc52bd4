"""How the answers of a group's cases are judged: five kinds of check, as declarations.

A spec's author names a check and, where it needs one, a small function; the loops, limits,
re-runs and messages are the judge's (`grader.checking`). No check runs in the box: it sees
what came back and never a live object of the student's.
"""

import builtins
from collections.abc import Callable, Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from grader.declared import Args, Slug, Spec, Tolerance


class Matches(Spec):
    """The answer is the reference's, within a tolerance: numbers, lists, dicts and arrays.

    `tolerance` stands in for the challenge's; `keys` gives single keys of a dict their own.
    """

    tolerance: Tolerance | None = None
    keys: Mapping[str, Tolerance] = Field(default_factory=dict)


class Holds(Spec):
    """A property of the outcome: `holds(output, *args)` is true.

    The output reaches `holds` only if it has the structure of the reference's answer and all
    its numbers are finite, as plain floats (arrays as float arrays). `message` says to a student
    what does not hold, for hidden cases as well: it must name no number of a case.
    `near` is the tolerance (relative to an answer's size) within which two programs count as
    the same when a wrong answer is compared with known mistakes.
    """

    name: Slug
    holds: Callable[..., bool]
    message: str = Field(min_length=1, max_length=300)
    near: Tolerance = Tolerance(rtol=0.02, atol=1e-3)


class Relates(Spec):
    """A metamorphic relation: two calls whose answers must relate.

    `second(*args)` returns the arguments of the second call; `expected(first, *args)` what the
    second call has to answer, given the first answer (plain floats, as with `Holds`). The
    reference is asked on both for error scales alone. A function that always answers the same
    may keep a relation: let the group depend on one that knows the values.
    """

    name: Slug
    second: Callable[..., Args]
    expected: Callable[..., Any]
    message: str = Field(min_length=1, max_length=300)
    tolerance: Tolerance | None = None


class Raises(Spec):
    """The call has to raise one of `kinds` (names of built-in exceptions) or a subclass."""

    kinds: tuple[str, ...] = ("ValueError",)
    message: str = Field(min_length=1, max_length=300)

    @model_validator(mode="after")
    def _are_built_in(self) -> Self:
        for kind in self.kinds:
            found = getattr(builtins, kind, None)
            if not (isinstance(found, type) and issubclass(found, Exception)):
                raise ValueError(f"{kind!r} is not the name of a built-in exception")
        if not self.kinds:
            raise ValueError("`kinds` names no exception")
        return self


class Grows(Spec):
    """CPU time grows with the size no faster than size**order.

    `make(size)` returns the arguments of a call of that size; it is called for `size`, 4*size
    and 16*size. What counts is the submission's own CPU time. A growth beyond order + 1/2 has
    to be seen in two runs before it fails. `size` has to be large enough for a right program
    to take a few milliseconds, and small enough for a slow one to end within its limit.
    """

    name: Slug
    make: Callable[[int], Args]
    size: int = Field(ge=1)
    order: float = Field(1.0, ge=0, le=4)
    message: str = Field(min_length=1, max_length=300)

    @property
    def sizes(self) -> tuple[int, int, int]:
        return self.size, 4 * self.size, 16 * self.size


Check = Matches | Holds | Relates | Raises | Grows
