"""The shape of a wrong answer: of which kind it is, or what was done to all of them alike. Pure.

What numpy people look at first: type, length, shape, dtype, sign, scale, offset, rounding. The
sentences tell no measured number and no value; a factor or a difference that was measured goes
into the evidence, which is the instructor's.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.agreement import Relation, number, relation, scattered
from grader.explanation import Diagnosis, Judged
from grader.scale import Raising
from grader.values import Opaque

_EXACT = 1e-3


def shape_of(deciding: Sequence[Judged], wrong: Sequence[Judged], share: float) -> list[Diagnosis]:
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
    "BigInt": "a BigInt: convert it with Number(...)",
    "getter": "a property with a getter: return an object that holds plain values",
    "Proxy": "a Proxy: return the object itself",
    "Map": "a Map: return a plain object, as Object.fromEntries(map) makes",
    "Set": "a Set: return an array, as [...set] makes",
    "iterator": "an iterator: [...it] makes an array of what it gives",
    "Promise": "a promise inside of the answer: await it",
    "Number object": "a Number object: leave out the `new`",
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
