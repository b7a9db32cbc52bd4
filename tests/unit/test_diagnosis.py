"""Explanations from values alone: which evidence is enough, and what no hint may say."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.agreement import Relation, agrees, number, relation
from grader.diagnosis import Judged, diagnose
from grader.interface import Interface, Problem, diagnose_interface
from grader.scale import OVERFLOW
from grader.spec import Misconception, Tolerance
from grader.values import Opaque

TOLERANCE = Tolerance()
DESIRED = (1.2345678, -0.5, 12.75)


def squared(x: float) -> float:
    return x * x


SQUARED = Misconception(id="squared", variant=squared, title="Squared", hint="Look at the power.")
TRIPLED = Misconception(id="tripled", variant=squared, title="Tripled", hint="Count to two.")
SAME = Misconception(id="same", variant=squared, title="The same", hint="As squared.")
ALSO = Misconception(id="also", variant=squared, title="The same once more", hint="As squared.")

SQUARES = tuple(map(squared, DESIRED))
ANSWERS = {
    "squared": SQUARES,
    "tripled": tuple(3 * desired for desired in DESIRED),
    "same": SQUARES,
    "also": SQUARES,
}


def judged(actual: Sequence[Any], **facts: Any) -> list[Judged]:
    return [
        Judged(desired, abs(desired), actual=value, **facts)
        for desired, value in zip(DESIRED, actual, strict=True)
    ]


def found(
    cases: Sequence[Judged], *misconceptions: Misconception, **facts: Any
) -> list[tuple[str, str]]:
    entries = diagnose(cases, misconceptions, ANSWERS, TOLERANCE, **facts)
    return [(entry.kind, entry.id) for entry in entries]


def test_right_values_need_no_explanation() -> None:
    class Untouched(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            raise AssertionError(f"the variant {key} was run for a right submission")

    assert diagnose(judged(DESIRED), [SQUARED], Untouched(), TOLERANCE) == ()


def test_a_misconception_agrees_everywhere() -> None:
    assert found(judged(SQUARES), TRIPLED, SQUARED) == [("misconception", "squared")]


def test_one_case_that_differs_is_enough_against_it() -> None:
    assert found(judged([*SQUARES[:2], DESIRED[2]]), TRIPLED, SQUARED) == []


def test_a_wrong_formula_that_also_crashes_is_the_wrong_formula() -> None:
    cases = judged(SQUARES)
    cases[1] = Judged(DESIRED[1], abs(DESIRED[1]), answered=False)
    assert found(cases, TRIPLED, SQUARED) == [("misconception", "squared")]


def test_a_case_that_decides_nothing_weighs_nothing() -> None:
    cases = [*judged(SQUARES), Judged(math.nan, 0.0, decides=False, actual=7.0)]
    answers = {"squared": (*SQUARES, math.inf)}
    (entry,) = diagnose(cases, [SQUARED], answers, TOLERANCE)
    assert entry.id == "squared"


def test_only_crashes_tell_nothing() -> None:
    cases = [Judged(desired, abs(desired), answered=False) for desired in DESIRED]
    assert found(cases, SQUARED) == []


def test_two_that_agree_are_both_named_and_three_are_none() -> None:
    both = found(judged(SQUARES), SQUARED, SAME)
    assert both == [("misconception", "squared"), ("misconception", "same")]
    assert found(judged(SQUARES), SQUARED, SAME, ALSO) == []


def test_a_variant_in_single_precision_is_still_the_variant() -> None:
    values = [np.float32(value) for value in SQUARES]
    assert found(judged(values), SQUARED) == [("misconception", "squared")]


def test_kept_state_is_named_first_and_alone() -> None:
    assert found(judged(SQUARES), SQUARED, state_kept=True) == [("state", "state-kept")]


def test_changed_inputs_are_named_beside_the_rest() -> None:
    assert found(judged(DESIRED, inputs_changed=True)) == [("shape", "inputs-changed")]
    expected = [("shape", "inputs-changed"), ("misconception", "squared")]
    assert found(judged(SQUARES, inputs_changed=True), SQUARED) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ([None, *DESIRED[1:]], "nothing-returned"),
        ([str(value) for value in DESIRED], "not-a-number"),
        ([True, *DESIRED[1:]], "not-a-number"),
        ([[value] for value in DESIRED], "not-a-number"),
        ([(value, 0.0) for value in DESIRED], "not-a-number"),
        ([complex(value) for value in DESIRED], "not-a-number"),
        ([np.array([value]) for value in DESIRED], "not-a-number"),
        ([Opaque("Decimal")] * 3, "not-a-number"),
        ([math.nan, *DESIRED[1:]], "not-finite"),
        ([math.inf] * 3, "not-finite"),
        ([10**400] * 3, "not-finite"),
        ([-value for value in DESIRED], "sign-flipped"),
        ([2 * value for value in DESIRED], "twice-the-answer"),
        ([value / 2 for value in DESIRED], "half-the-answer"),
        ([round(value, 2) for value in DESIRED], "answer-rounded"),
        ([int(value) for value in DESIRED], "answer-truncated"),
    ],
)
def test_a_shape(actual: Sequence[Any], expected: str) -> None:
    assert found(judged(actual), TRIPLED) == [("shape", expected)]


@pytest.mark.parametrize("actual", [[0] * 3, [3 * value for value in DESIRED], [7.0] * 3])
def test_what_fits_nothing_is_not_explained(actual: Sequence[Any]) -> None:
    assert found(judged(actual)) == []


def test_printing_without_returning() -> None:
    assert found(judged([None] * 3, printed=True)) == [("shape", "printed-not-returned")]


def test_a_misconception_is_surer_than_a_shape() -> None:
    answers = {"squared": tuple(-value for value in DESIRED)}
    (entry,) = diagnose(judged(answers["squared"]), [SQUARED], answers, TOLERANCE)
    assert entry.id == "squared"


@given(
    st.sampled_from([-1.0, 2.0, 0.5]),
    st.lists(st.floats(0.01, 1e6), min_size=2, max_size=5),
)
def test_no_hint_on_numbers_holds_a_number_of_the_case(factor: float, desired: list[float]) -> None:
    cases = [Judged(value, value, actual=factor * value) for value in desired]
    (entry,) = diagnose(cases, [], {}, TOLERANCE)
    digits = {word.strip(".,") for word in entry.hint.split() if any(map(str.isdigit, word))}
    assert digits <= {"-1", "2", "1/2"}


def test_where_no_number_is_desired_no_shape_is_guessed() -> None:
    case = Judged([1.0, 2.0], [1.0, 2.0], actual=None)
    assert diagnose([case], [], {}, TOLERANCE) == ()


@pytest.mark.parametrize(
    ("answer", "actual"),
    [
        ([1.0, -2.0], (1.0, -2.0)),
        ({"w": 3.0}, {"w": 3.0}),
        (np.array([[1.0, np.inf]]), np.array([[1.0, np.inf]])),
        (np.zeros((0, 2)), np.zeros((0, 2))),
        (None, None),
        (OVERFLOW, math.nan),
        (math.inf, 10**400),
    ],
)
def test_a_variant_may_answer_anything(answer: Any, actual: Any) -> None:
    assert agrees(actual, answer, 1.0, TOLERANCE)
    assert not agrees("another answer", answer, 1.0, TOLERANCE)


def test_an_answer_that_nothing_compares_agrees_with_nothing() -> None:
    assert not agrees(1.0, Opaque("object"), 1.0, TOLERANCE)


def test_a_variant_that_runs_away_sets_its_own_scale() -> None:
    assert agrees(1e200 * (1 + 1e-9), 1e200, 1.0, TOLERANCE)
    assert not agrees(1.0 + 1e-3, 1.0, 1.0, TOLERANCE)


@pytest.mark.parametrize("value", [True, np.bool_(True), "1", None, [1], 1j, Opaque("Decimal")])
def test_what_is_no_number(value: Any) -> None:
    assert number(value) is None


def test_relations_leave_infinite_answers_alone() -> None:
    assert relation([(1.0, math.inf, 1.0)], TOLERANCE) is None
    assert relation([(-2.0, 2.0, 2.0)], TOLERANCE) is Relation.FLIPPED


def interface(problem: Problem, **facts: Any) -> tuple[str, str]:
    entry = diagnose_interface(Interface(problem, "fitLine", ("xs", "ys"), **facts))
    assert (entry.kind, entry.id) == ("interface", str(problem))
    return entry.title, entry.hint


@pytest.mark.parametrize("name", ["fit_line", "fitline", "FitLine", "fitLines", "fitLin"])
def test_a_name_that_is_nearly_right_is_suggested(name: str) -> None:
    title, hint = interface(Problem.NO_ENTRY_POINT, names=("main", name))
    assert title == f"There is no fitLine: did you mean {name}?"
    assert "fitLine(xs, ys)" in hint


def test_other_names_are_listed_and_not_too_many() -> None:
    names = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot")
    _, hint = interface(Problem.NO_ENTRY_POINT, names=names)
    assert "Functions found: alpha, bravo, charlie, delta, echo, ..." in hint


def test_a_file_without_functions() -> None:
    assert "No function was found" in interface(Problem.NO_ENTRY_POINT)[1]


def test_a_wrong_number_of_arguments_names_both_lists() -> None:
    _, hint = interface(Problem.WRONG_ARITY, names=("xs",))
    assert "2 arguments, by position: xs, ys. Yours takes xs." in hint


@pytest.mark.parametrize("problem", [Problem.SYNTAX, Problem.IMPORT_RAISED, Problem.MISSING_MODULE])
def test_an_error_at_import_has_line_kind_and_message(problem: Problem) -> None:
    title, hint = interface(problem, line=7, error="NameError", detail="name 'q' is not defined.")
    assert "on line 7" in title
    assert hint.startswith("NameError: name 'q' is not defined. ")


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_sentences_without_any_facts(problem: Problem) -> None:
    title, hint = interface(problem)
    assert title
    assert hint.endswith(".")
    assert "None" not in title + hint
