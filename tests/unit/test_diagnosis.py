"""Explanations from values alone: which evidence is enough, and what no hint may say."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.agreement import Relation, agrees, number, relation
from grader.compare import compare
from grader.diagnosis import Diagnosis, Judged, diagnose
from grader.interface import Interface, Problem, diagnose_interface
from grader.scale import OVERFLOW, Raising
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
        Judged(
            desired,
            abs(desired),
            actual=value,
            wrong=compare(value, desired, abs(desired), TOLERANCE) is not None,
            **facts,
        )
        for desired, value in zip(DESIRED, actual, strict=True)
    ]


@dataclass
class Program:
    entries: Sequence[Misconception]
    change: tuple[str, str] = ("", "")


@dataclass
class Table:
    """A lookup in a table of answers, by the ids of one or two misconceptions."""

    cases: Sequence[Judged]
    misconceptions: Sequence[Misconception]
    answers: Mapping[str, Sequence[Any]]

    def variants(self, calls: Sequence[int]) -> list[Program]:
        return [Program([m]) for m in self.misconceptions if self._agrees(m.id, calls)]

    def pairs(self, calls: Sequence[int]) -> list[Program]:
        return [
            Program(pair)
            for pair in itertools.combinations(self.misconceptions, 2)
            if self._agrees("+".join(m.id for m in pair), calls)
        ]

    def mutants(self, calls: Sequence[int]) -> list[Program]:
        return [Program([], (MUTANT, "`a` became `b`"))] if self._agrees(MUTANT, calls) else []

    def _agrees(self, key: str, calls: Sequence[int]) -> bool:
        row = self.answers.get(key)
        return row is not None and all(
            agrees(self.cases[i].actual, row[i], self.cases[i].scale, TOLERANCE) for i in calls
        )


MUTANT = "operator-1"


def explain(
    cases: Sequence[Judged],
    misconceptions: Sequence[Misconception] = (),
    answers: Mapping[str, Sequence[Any]] = ANSWERS,
    **facts: Any,
) -> tuple[Diagnosis, ...]:
    return diagnose(cases, Table(cases, misconceptions, answers), **facts)


def found(
    cases: Sequence[Judged], *misconceptions: Misconception, **facts: Any
) -> list[tuple[str, str]]:
    return [(entry.kind, entry.id) for entry in explain(cases, misconceptions, **facts)]


def test_right_values_need_no_explanation() -> None:
    class Untouched(Table):
        def _agrees(self, key: str, calls: Sequence[int]) -> bool:
            raise AssertionError(f"{key} was looked up for a right submission: {calls}")

    cases = judged(DESIRED)
    assert () == diagnose(cases, Untouched(cases, [SQUARED], ANSWERS))


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
    (entry,) = explain(cases, [SQUARED], answers)
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
        ([5 * value for value in DESIRED], "answer-scaled"),
        ([value + 0.75 for value in DESIRED], "answer-offset"),
    ],
)
def test_a_shape(actual: Sequence[Any], expected: str) -> None:
    assert found(judged(actual), TRIPLED) == [("shape", expected)]


@pytest.mark.parametrize("actual", [[0] * 3, [value**3 for value in DESIRED], [7.0] * 3])
def test_what_fits_nothing_is_not_explained(actual: Sequence[Any]) -> None:
    assert found(judged(actual)) == []


def test_printing_without_returning() -> None:
    assert found(judged([None] * 3, printed=True)) == [("shape", "printed-not-returned")]


def test_a_misconception_is_surer_than_a_shape() -> None:
    answers = {"squared": tuple(-value for value in DESIRED)}
    (entry,) = explain(judged(answers["squared"]), [SQUARED], answers)
    assert entry.id == "squared"


@given(
    st.sampled_from([-1.0, 2.0, 0.5]),
    st.lists(st.floats(0.01, 1e6), min_size=2, max_size=5),
)
def test_no_hint_on_numbers_holds_a_number_of_the_case(factor: float, desired: list[float]) -> None:
    cases = [Judged(value, value, actual=factor * value, wrong=True) for value in desired]
    (entry,) = explain(cases)
    digits = {word.strip(".,") for word in entry.hint.split() if any(map(str.isdigit, word))}
    assert digits <= {"-1", "2", "1/2"}


VECTOR = np.array([1.0, 2.5, -3.0])
MATRIX = np.array([[1.0, 2.0], [3.5, 4.0]])


@pytest.mark.parametrize(
    ("desired", "actual", "expected"),
    [
        ([1.0, 2.0], None, "nothing-returned"),
        ([1.0, 2.0], 1.0, "not-a-list"),
        ([1.0, 2.0], "12", "not-a-list"),
        ([1.0, 2.0], [1.0], "other-length"),
        ([1.0, 2.0], [1.0, math.nan], "not-finite"),
        ([1.0, 2.0], [2.0, 1.0], "answer-reversed"),
        ([1.0, 2.0, 4.0], [-1.0, -2.0, -4.0], "sign-flipped"),
        ([1.0, 2.0, 4.0], np.array([3.0, 6.0, 12.0]), "answer-scaled"),
        ({"w": 1.0, "b": 2.0}, {"w": 1.0, "B": 2.0}, "other-keys"),
        ({"w": 1.0, "b": 2.0}, [1.0, 2.0], "not-a-dict"),
        ({"w": 1.0, "b": 2.0}, {"w": 2.0, "b": 4.0}, "twice-the-answer"),
        (VECTOR, VECTOR.tolist(), "not-an-array"),
        (VECTOR, VECTOR[:, None], "other-shape"),
        (VECTOR, VECTOR.astype(int), "integer-array"),
        (VECTOR, np.array([1.0, math.inf, -3.0]), "not-finite"),
        (MATRIX, MATRIX.T, "answer-transposed"),
        (MATRIX[:, :1], MATRIX[:, :1].T, "other-shape"),
    ],
)
def test_the_shape_of_a_container(desired: Any, actual: Any, expected: str) -> None:
    scale = desired if isinstance(desired, dict | list) else np.abs(desired)
    case = Judged(desired, scale, actual=actual, wrong=True)
    assert [("shape", expected)] == [(entry.kind, entry.id) for entry in explain([case])]


def test_measured_numbers_are_evidence_and_not_in_the_hint() -> None:
    (entry,) = explain(judged([3.25 * value for value in DESIRED]))
    assert "measured: 3.25" == entry.evidence
    assert "3.25" not in entry.title + entry.hint


def test_a_factor_is_not_believed_from_two_numbers() -> None:
    assert [] == found(judged([3 * value for value in DESIRED])[:2])


SUMS = tuple(value + square for value, square in zip(DESIRED, SQUARES, strict=True))


def test_two_mistakes_at_once_are_named_together() -> None:
    (entry,) = explain(judged(SUMS), [SQUARED, TRIPLED], {**ANSWERS, "squared+tripled": SUMS})
    assert ("misconception", "squared+tripled") == (entry.kind, entry.id)
    assert SQUARED.hint in entry.hint
    assert TRIPLED.hint in entry.hint
    assert entry.confidence < 1


def test_one_mistake_is_surer_than_two() -> None:
    answers = {**ANSWERS, "squared+tripled": SQUARES}
    (entry,) = explain(judged(SQUARES), [SQUARED, TRIPLED], answers)
    assert "squared" == entry.id


def test_a_mutant_is_described_last() -> None:
    (entry,) = explain(judged(SUMS), [SQUARED], {**ANSWERS, MUTANT: SUMS})
    assert ("mutant", MUTANT) == (entry.kind, entry.id)
    assert "`a` became `b`" in entry.hint


def test_a_variant_that_stops_alike_explains_a_crash() -> None:
    stops = Raising(("ZeroDivisionError", "ArithmeticError"))
    cases = judged(DESIRED)
    cases[1] = Judged(1.0, 1.0, answered=False, aside=True, actual=stops)
    answers = {"squared": (DESIRED[0], stops, DESIRED[2])}
    assert ["squared"] == [entry.id for entry in explain(cases, [SQUARED], answers)]
    assert () == explain(cases, [SQUARED], {"squared": (DESIRED[0], 1.0, DESIRED[2])})


def test_a_property_that_does_not_hold_is_said_once() -> None:
    said = ("falls", "The loss does not fall.")
    cases = judged(DESIRED, property=said)
    assert [("property", "falls")] == found(cases)


def test_confidence_is_the_share_of_the_calls_that_answered() -> None:
    cases = judged(SQUARES)
    cases[1] = Judged(DESIRED[1], abs(DESIRED[1]), answered=False)
    (entry,) = explain(cases, [SQUARED])
    assert 0.67 == entry.confidence


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
    assert (Relation.FLIPPED, 0.0) == relation([(-2.0, 2.0, 2.0)], TOLERANCE)


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
