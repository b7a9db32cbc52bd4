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

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np

from grader.agreement import Relation, number, relation, scattered
from grader.scale import Raising
from grader.spec import Misconception, Tolerance
from grader.values import Opaque

Kind = Literal[
    "state", "misconception", "mutant", "shape", "property", "interface", "counterexample"
]

INSTRUCTORS_ONLY: frozenset[Kind] = frozenset({"mutant"})
INSTRUCTORS_EVIDENCE: frozenset[Kind] = frozenset({"shape", "mutant"})

MOST_NAMED = 2
"""More variants than this agree only where too few cases answered to tell: then none is named."""

_MOST_PAIRS = 4
_MOST_PROPERTIES = 2
_EXACT = 1e-3
_DEFAULT = Tolerance()
_MOST_MUTANTS = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A public input on which a submission fails: nothing in it is hidden.

    `inputs` are by parameter; `steps` are what the reference's variables become, a line each.
    """

    inputs: Mapping[str, Any]
    expected: Any
    actual: Any
    message: str | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One explanation: `id` is stable (a misconception's own, or one of this module's).

    `confidence` is from 0 to 1: the share of the calls with one right answer that it explains,
    less where several explanations fit. `evidence` says what it rests on, in a sentence.
    """

    kind: Kind
    id: str
    title: str
    hint: str
    confidence: float = 1.0
    evidence: str = ""
    example: Example | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One call, as far as an explanation needs it.

    `decides` is false where many values pass (the reference is not finite, time is what counts).
    `answered` is false where nothing came back that a right program could have returned: an
    exception (`actual` is then a `Raising`), a time-out, a value where an exception is due. Of
    these, `aside` ones count only for a known program that does just the same. `wrong` says that
    its case was rejected for what came back. `property` is the name and the message of a check
    that did not hold.
    `printed` says whether the call printed anything, `inputs_changed` whether it changed its
    arguments in a group where it must not.
    """

    desired: Any
    scale: Any
    tolerance: Tolerance = _DEFAULT
    decides: bool = True
    answered: bool = True
    wrong: bool = False
    actual: Any = None
    aside: bool = False
    property: tuple[str, str] | None = None
    printed: bool = False
    inputs_changed: bool = False


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
        or _shape([cases[i] for i in deciding], [cases[i] for i in wrong], share)
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


def _shape(deciding: Sequence[Judged], wrong: Sequence[Judged], share: float) -> list[Diagnosis]:
    """Return the first shape that the values have: of a wrong kind, or all changed alike."""
    # The largest value tells most about its shape: one entry alone may look like anything.
    keys = _common_keys(deciding)
    for case in sorted(wrong, key=lambda case: -_size(case.actual)):
        if (found := _kind_of_value(case, keys)) is not None:
            return [found]
    if max(case.tolerance.rtol for case in deciding) > _EXACT:
        return []  # outcomes agree within percents, and then everything looks rounded
    triples = [(case.actual, case.desired, case.scale) for case in deciding]
    known = relation(triples, deciding[0].tolerance)
    if known is None:
        return []
    name, measured = known
    entry = _RELATIONS[name]
    evidence = f"measured: {measured:.6g}" if measured else ""
    return [replace(entry, confidence=round(0.9 * share, 2), evidence=evidence)]


def _size(value: Any) -> int:
    return int(value.size) if isinstance(value, np.ndarray) else 0


def _common_keys(cases: Sequence[Judged]) -> str:
    """Return the keys that every desired dict has, to be named; "" where they differ.

    Keys that are the same in every case are part of the statement. Others are hidden data.
    """
    found = [case.desired for case in cases if isinstance(case.desired, dict)]
    alike = found and all(entry.keys() == found[0].keys() for entry in found)
    return ", ".join(repr(key) for key in found[0]) if alike and len(found) > 1 else ""


def _kind_of_value(case: Judged, keys: str) -> Diagnosis | None:
    """Name what is wrong with the kind of one wrong value, whatever its size."""
    if isinstance(case.actual, Raising) or isinstance(case.desired, Raising):
        return None
    if case.actual is None:
        return _PRINTED if case.printed else _NOTHING
    if isinstance(case.desired, dict):
        return _not_the_dict(case.actual, case.desired, keys)
    if isinstance(case.desired, np.ndarray) and case.desired.ndim:
        return _not_the_array(case.actual, case.desired)
    if isinstance(case.desired, list | tuple):
        return _not_the_list(case.actual, case.desired)
    if number(case.desired) is None:
        return None
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


def _not_the_dict(value: Any, desired: dict[Any, Any], keys: str) -> Diagnosis | None:
    wanted = f"the keys {keys}" if keys else "the statement's keys"
    if not isinstance(value, dict):
        return Diagnosis(
            "shape",
            "not-a-dict",
            "What comes back is not a dictionary",
            f"The answer has to be a dictionary with {wanted}. At least one of yours is "
            f"{_as_container(value)}.",
        )
    if value.keys() != desired.keys():
        return Diagnosis(
            "shape",
            "other-keys",
            "The dictionary has other keys",
            f"The answer has to have exactly {wanted}. Check their spelling, capitals "
            "included, and that there are no others.",
        )
    return _NOT_FINITE if scattered(value) else None


def _not_the_list(value: Any, desired: Sequence[Any]) -> Diagnosis | None:
    if number(value) is not None or not isinstance(value, list | tuple | np.ndarray):
        return Diagnosis(
            "shape",
            "not-a-list",
            "What comes back is not a list",
            "The answer has to be a list (or a tuple, or an array) of numbers. At least one of "
            f"yours is {_as_container(value)}.",
        )
    if len(value) != len(desired):
        more = len(value) > len(desired)
        return Diagnosis(
            "shape",
            "other-length",
            f"The list has too {'many' if more else 'few'} entries",
            "Count the entries that the statement asks for, and what your loop adds before, in and "
            "after its turns.",
        )
    return _NOT_FINITE if scattered(value) else None


def _not_the_array(value: Any, desired: Any) -> Diagnosis | None:
    if not isinstance(value, np.ndarray) or not value.ndim:
        return Diagnosis(
            "shape",
            "not-an-array",
            "What comes back is not a numpy array",
            "The answer has to be a numpy array. At least one of yours is "
            f"{_as_container(value)}. Give it the statement's shape, one entry for each number.",
        )
    if value.shape != desired.shape:
        return _other_shape(value.shape, desired.shape)
    if desired.dtype.kind == "f" and value.dtype.kind in "iu":
        return Diagnosis(
            "shape",
            "integer-array",
            "The array holds integers",
            "An array that is made from whole numbers keeps whole numbers only: what is put into "
            "it loses its fraction. Say which dtype you want where you make it.",
        )
    return _NOT_FINITE if scattered(value) else None


def _other_shape(actual: tuple[int, ...], desired: tuple[int, ...]) -> Diagnosis:
    if len(actual) > 1 and actual == desired[::-1]:
        said = "It is the transposed shape: look at which axis holds what."
    elif len(actual) == len(desired) + 1 and actual[1:] == desired:
        said = (
            "It has one axis more, in front: is every step kept where the last alone is asked for?"
        )
    elif len(actual) == len(desired) + 1 and math.prod(actual) == math.prod(desired):
        said = "It has one axis more, of length 1: index or sum along an axis, do not reshape."
    elif len(actual) > len(desired):
        said = (
            "It has more axes than it should: either every step is kept, or two shapes were "
            "broadcast against each other (a column and a row make a table)."
        )
    else:
        said = "Print the shape after every operation and see where it changes."
    return Diagnosis("shape", "other-shape", "The array has another shape", said)


def _as_container(value: Any) -> str:
    if value is None:
        return "None"
    if number(value) is not None:
        return "one number"
    if isinstance(value, dict):
        return "a dictionary"
    if isinstance(value, np.ndarray):
        return "an array"
    if isinstance(value, list | tuple):
        return "a list or a tuple"
    return _kind_in_words(value)


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
    Relation.REVERSED: Diagnosis(
        "shape",
        "answer-reversed",
        "The numbers come in reverse order",
        "The right numbers are there, from the last to the first. Look at how the list is built.",
    ),
    Relation.TRANSPOSED: Diagnosis(
        "shape",
        "answer-transposed",
        "Rows and columns are exchanged",
        "The right numbers are there, with the axes the other way round. Look at what belongs to "
        "which axis.",
    ),
    Relation.SCALED: Diagnosis(
        "shape",
        "answer-scaled",
        "All answers are off by the same factor",
        "Every answer is the right one times one constant. Look for a factor that is missing, or "
        "applied once too often, outside of any loop.",
    ),
    Relation.OFFSET: Diagnosis(
        "shape",
        "answer-offset",
        "All answers are off by the same amount",
        "Every answer is the right one plus one constant. Look at the start value and at what is "
        "added at the end.",
    ),
}
