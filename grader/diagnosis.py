"""Explains a failed submission in sentences that teach. Pure: values in, sentences out.

The judge tells what happened to each case (`Judged`), what each misconception's variant answers
on the same cases, and whether a failure goes away when its case runs alone. It gets `Diagnosis`
entries, the surest first: state kept between calls, inputs changed, a named misconception, the
shape of the error. No entry means that nothing fits: a wrong diagnosis costs a student more than
none. (A submission that could not be called at all is `grader.interface`'s.)

Nothing here tells a hidden case's numbers: hints are the author's own sentences or name a shape,
with no measured number but the factors -1, 2 and 1/2.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from grader.agreement import Relation, agrees, number, relation
from grader.compare import compare
from grader.spec import Misconception, Tolerance
from grader.values import Opaque

Kind = Literal["state", "misconception", "shape", "interface"]

MOST_NAMED = 2
"""More variants than this agree only where too few cases answered to tell: then none is named."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One explanation: `id` is stable (a misconception's own, or one of this module's)."""

    kind: Kind
    id: str
    title: str
    hint: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One case, as far as an explanation needs it.

    `decides` is false where the reference is not finite, so that many values pass. `answered`
    is false where no value came back (an exception, a time-out). `printed` says whether the call
    printed anything, `inputs_changed` whether it changed its arguments in a group where it must
    not.
    """

    desired: Any
    scale: Any
    decides: bool = True
    answered: bool = True
    actual: Any = None
    printed: bool = False
    inputs_changed: bool = False


def diagnose(
    cases: Sequence[Judged],
    misconceptions: Sequence[Misconception],
    variants: Mapping[str, Sequence[Any]],
    tolerance: Tolerance,
    *,
    state_kept: bool = False,
) -> tuple[Diagnosis, ...]:
    """Explain wrong values; empty where every value is right or nothing fits.

    `variants[id][i]` is what misconception `id` answers to `cases[i]`. It is looked up only
    where a deciding value is wrong, so a lazy mapping costs right submissions nothing.
    `state_kept` says that a failure disappears when its case runs alone in a fresh process.
    """
    first = [*_state(state_kept), *_inputs_changed(cases)]
    deciding = [i for i, case in enumerate(cases) if case.decides and case.answered]
    wrong = [cases[i] for i in deciding if _is_wrong(cases[i], tolerance)]
    if not wrong or state_kept:
        return tuple(first)
    named = [
        Diagnosis("misconception", entry.id, entry.title, entry.hint)
        for entry in misconceptions
        if all(_answers(cases[i], variants[entry.id][i], tolerance) for i in deciding)
    ]
    if not named:
        named = _shape([cases[i] for i in deciding], wrong, tolerance)
    return (*first, *(named if len(named) <= MOST_NAMED else ()))


def _is_wrong(case: Judged, tolerance: Tolerance) -> bool:
    return compare(case.actual, case.desired, case.scale, tolerance) is not None


def _answers(case: Judged, answer: Any, tolerance: Tolerance) -> bool:
    return agrees(case.actual, answer, case.scale, tolerance)


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


def _shape(
    deciding: Sequence[Judged], wrong: Sequence[Judged], tolerance: Tolerance
) -> list[Diagnosis]:
    """Return the first shape that the values have, where the reference's are numbers."""
    if any(number(case.desired) is None for case in deciding):
        return []
    for case in wrong:
        if (found := _kind_of_value(case)) is not None:
            return [found]
    triples = [(case.actual, case.desired, case.scale) for case in deciding]
    name = relation(triples, tolerance)
    return [] if name is None else [_RELATIONS[name]]


def _kind_of_value(case: Judged) -> Diagnosis | None:
    """Name what is wrong with the kind of one wrong value, whatever its size."""
    if case.actual is None:
        return _PRINTED if case.printed else _NOTHING
    value = number(case.actual)
    if value is None:
        return _not_a_number(case.actual)
    return None if math.isfinite(value) else _NOT_FINITE


def _not_a_number(value: Any) -> Diagnosis:
    return Diagnosis(
        "shape",
        "not-a-number",
        "What comes back is not a plain number",
        "The answer has to be one plain number (an int, a float or a numpy scalar). "
        f"At least one of yours is {_kind_in_words(value)}.",
    )


def _kind_in_words(value: Any) -> str:
    if isinstance(value, Opaque):
        return _OPAQUE.get(value.kind, f"of the kind `{value.kind}`")
    return next((text for kind, text in _KINDS if isinstance(value, kind)), "something else")


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    ((bool, np.bool_), "a truth value: check that no comparison has slipped into the `return`"),
    ((str, bytes), "text: return the number itself and leave its formatting to whoever shows it"),
    ((complex, np.complexfloating), "a complex number"),
    (np.ndarray, "an array: return its one element"),
    ((list, set, frozenset), "a collection: return the one number that was asked for"),
    (tuple, "a tuple, as `return a, b` makes: return the one number that was asked for"),
    (dict, "a dictionary: return the one number that was asked for"),
)
_OPAQUE = {
    "Decimal": "a Decimal: convert it with float(...)",
    "Fraction": "a Fraction: convert it with float(...)",
    "function": "a function: call it, or return what it gives",
    "generator": "a generator: `yield` where `return` is meant makes one",
    "object": "an object of another class: return the number that it holds",
}

_PRINTED = Diagnosis(
    "shape",
    "printed-not-returned",
    "The answer is printed, not returned",
    "The function prints something and returns None. Printing shows a value to you; only "
    "`return` hands it to the caller.",
)
_NOTHING = Diagnosis(
    "shape",
    "nothing-returned",
    "Nothing is returned",
    "At least one call ends without a `return` and so gives None. Look at the way through the "
    "function for every kind of input: no data, a loop that runs zero times, each branch.",
)
_NOT_FINITE = Diagnosis(
    "shape",
    "not-finite",
    "Numbers run away where they should not",
    "At least one answer is NaN or infinite where a finite number is expected. Look for a step "
    "that grows with every repetition and for a division by 0.",
)
_RELATIONS = {
    Relation.FLIPPED: Diagnosis(
        "shape",
        "sign-flipped",
        "The sign is flipped",
        "Every answer is the right one times -1. Look for a difference taken the wrong way round.",
    ),
    Relation.DOUBLED: Diagnosis(
        "shape",
        "twice-the-answer",
        "Twice the right answer",
        "Every answer is the right one times 2. Look for a factor that is applied twice.",
    ),
    Relation.HALVED: Diagnosis(
        "shape",
        "half-the-answer",
        "Half the right answer",
        "Every answer is the right one times 1/2. Look for a factor 2 that is missing, or for a "
        "mean where there should be none.",
    ),
    Relation.ROUNDED: Diagnosis(
        "shape",
        "answer-rounded",
        "The answer is rounded",
        "Every answer is the right one, rounded. Return the number as it is: rounding is for "
        "showing it.",
    ),
    Relation.TRUNCATED: Diagnosis(
        "shape",
        "answer-truncated",
        "The digits behind the point are cut off",
        "Every answer is the whole part of the right one. Look for int(...) or // on the way.",
    ),
}
