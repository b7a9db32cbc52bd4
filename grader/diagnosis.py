"""Explains a failed submission in sentences that teach. Pure: values in, sentences out.

The judge tells what happened in each call (`Judged`), what known wrong programs answer to the
same calls (`Lookup`), and whether a failure goes away when its case runs alone. It gets
`Diagnosis` entries, the surest first: state kept between calls, inputs changed, a named
misconception, the shape of the error, two misconceptions at once, an automatic mutant, a
property that does not hold. No entry means that nothing fits: a wrong diagnosis costs a student
more than none. (A submission that could not be called at all is `grader.interface`'s, an input
that shows the mistake `grader.counterexample`'s.)

Nothing here tells a hidden case's numbers to a student: hints are the author's own sentences or
name a shape, and measured numbers go into `evidence`, which is the instructor's where the kind
is in `INSTRUCTORS_EVIDENCE`. Mutants show the reference, so they are the instructor's as a whole.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from grader.explanation import (
    INSTRUCTORS_EVIDENCE,
    INSTRUCTORS_ONLY,
    Diagnosis,
    Example,
    Judged,
    Kind,
)
from grader.shapes import shape_of
from grader.spec import Misconception

__all__ = [
    "INSTRUCTORS_EVIDENCE",
    "INSTRUCTORS_ONLY",
    "Diagnosis",
    "Example",
    "Judged",
    "Kind",
    "diagnose",
]

MOST_NAMED = 2
"""More variants than this agree only where too few cases answered to tell: then none is named."""

_MOST_PAIRS = 4
_MOST_PROPERTIES = 2
_MOST_MUTANTS = 3


class Fit(Protocol):
    """A known wrong program that answers as the submission does."""

    @property
    def entries(self) -> Sequence[Misconception]: ...

    @property
    def change(self) -> tuple[str, str]:
        """A mutant's id, and what was changed in the reference, in words."""
        ...


class Lookup(Protocol):
    """Finds known wrong programs by their answers. `grader.matching` has the real one."""

    def variants(self, calls: Sequence[int]) -> Sequence[Fit]:
        """Return the misconceptions' programs that agree with the submission on `calls`."""
        ...

    def pairs(self, calls: Sequence[int]) -> Sequence[Fit]: ...

    def mutants(self, calls: Sequence[int]) -> Sequence[Fit]: ...


def diagnose(
    cases: Sequence[Judged], lookup: Lookup, *, state_kept: bool = False
) -> tuple[Diagnosis, ...]:
    """Explain wrong values; empty where every value is right or nothing fits.

    `lookup` is asked only where a value is wrong, so that right submissions pay nothing.
    `state_kept` says that a failure disappears when its case runs alone in a fresh process.
    """
    first = [*_state(state_kept), *_inputs_changed(cases)]
    deciding = [i for i, case in enumerate(cases) if case.decides and case.answered]
    wrong = [i for i in deciding if cases[i].wrong]
    aside = [i for i, case in enumerate(cases) if case.decides and case.aside]
    if state_kept or not (wrong or aside):
        return (*first, *_properties(cases))
    # A call whose answer is wrong tells most programs apart, so it is looked up first.
    calls = [*wrong, *(i for i in deciding if not cases[i].wrong)]
    # A mistake may well stop the program: then a variant that stops alike explains it best.
    alike = lookup.variants([*aside, *calls]) if aside else ()
    if found := _named(alike, len(wrong) + len(aside), len(aside) + len(calls), 1.0):
        return (*first, *found, *_properties(cases, [*aside, *calls]))
    if not wrong:
        return (*first, *_properties(cases))
    share = len(deciding) / sum(case.decides for case in cases)
    found = (
        _named(lookup.variants(calls), len(wrong), len(deciding), share)
        or shape_of([cases[i] for i in deciding], [cases[i] for i in wrong], share)
        or _two_at_once(lookup.pairs(calls), len(wrong), len(deciding), share)
    )
    named = any(entry.kind == "misconception" for entry in found)
    properties = _properties(cases, calls if named else ())
    mutants = [] if found else _mutants(lookup.mutants(calls), len(deciding), share)
    return (*first, *found, *properties, *mutants)


def _named(fits: Sequence[Fit], wrong: int, deciding: int, share: float) -> list[Diagnosis]:
    """Return the misconceptions that fit; none where too many do."""
    if len(fits) > MOST_NAMED:
        return []
    return [
        Diagnosis(
            "misconception",
            entry.id,
            entry.title,
            entry.hint,
            confidence=round(share / len(fits), 2),
            evidence=_equal_on(wrong, deciding),
        )
        for fit in fits
        for entry in fit.entries
    ]


def _two_at_once(fits: Sequence[Fit], wrong: int, deciding: int, share: float) -> list[Diagnosis]:
    if not fits or len(fits) > _MOST_PAIRS:
        return []
    one, other = fits[0].entries
    return [
        Diagnosis(
            "misconception",
            f"{one.id}+{other.id}",
            "Two things at once",
            f"1. {one.title}. {one.hint} 2. {other.title}. {other.hint}",
            confidence=round(0.9 * share / len(fits), 2),
            evidence=_equal_on(wrong, deciding),
        )
    ]


def _equal_on(wrong: int, deciding: int) -> str:
    return (
        f"a program with this mistake answers the same in all {deciding} calls that can tell; "
        f"in {wrong} of them that is wrong"
    )


def _mutants(fits: Sequence[Fit], deciding: int, share: float) -> list[Diagnosis]:
    """Describe the change of the reference that gives these answers; for the instructor."""
    if len(fits) > _MOST_MUTANTS:
        return []  # too little came back to tell them apart
    return [
        Diagnosis(
            "mutant",
            fit.change[0],
            "The reference with one change answers the same",
            f"{fit.change[1]}. `grader promote` makes a named misconception of it.",
            confidence=round(0.7 * share / len(fits), 2),
            evidence=f"equal in all {deciding} calls that can tell",
        )
        for fit in fits
    ]


def _properties(cases: Sequence[Judged], explained: Sequence[int] = ()) -> list[Diagnosis]:
    """Say which properties do not hold: each once, no more than help, and none twice.

    In the `explained` calls a named mistake is the reason.
    """
    left = [cases[i] for i in sorted(set(range(len(cases))) - set(explained))]
    broken: dict[str, str] = dict(case.property for case in left if case.property is not None)
    return [
        Diagnosis("property", name, _as_title(message), _PROPERTY_HINT)
        for name, message in list(broken.items())[:_MOST_PROPERTIES]
    ]


_PROPERTY_HINT = (
    "The statement promises this of every right answer: try it on an input of your own."
)


def _as_title(message: str) -> str:
    return message[:1].upper() + message[1:].rstrip(".")


def _state(state_kept: bool) -> Iterator[Diagnosis]:
    if state_kept:
        yield Diagnosis(
            "state",
            "state-kept",
            "Something is kept from one call to the next",
            "A call that fails after others is right when it comes first. Look for global "
            "variables, mutable default arguments and caches: each call has to start from nothing.",
        )


def _inputs_changed(cases: Sequence[Judged]) -> Iterator[Diagnosis]:
    if any(case.inputs_changed for case in cases):
        yield Diagnosis(
            "shape",
            "inputs-changed",
            "The inputs are changed",
            "After a call the arguments are not what they were. Sorting, shuffling, popping or "
            "assigning into what you are given changes it for the caller too: work on a copy.",
        )
