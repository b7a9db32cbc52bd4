"""Known wrong programs: worked out when they are asked for, found by what they answer."""

import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.agreement import agrees, number
from grader.catalog import Loaded
from grader.dataset import CaseData, args_of, build
from grader.diagnosis import Judged
from grader.exam import Exam
from grader.fuel import OutOfFuel
from grader.known import FUEL, Family, Known, Program
from grader.matching import Matching
from grader.scale import NOTHING, OVERFLOW, Raising
from grader.spec import (
    Args,
    Case,
    Challenge,
    Check,
    Group,
    Holds,
    Matches,
    Misconception,
    Tolerance,
)

TOLERANCE = Tolerance()


def average(w: float, n: int) -> float:
    total = 1.0
    while n > 0:
        total = total + 2 * w
        n = n - 1
    return total / 4


def tripled(w: float, n: int) -> float:
    total = 1.0
    while n > 0:
        total = total + 3 * w
        n = n - 1
    return total / 4


def halved(w: float, n: int) -> float:
    total = 1.0
    while n > 0:
        total = total + 2 * w
        n = n - 1
    return total / 2


def started_at_zero(w: float, n: int) -> float:
    total = 0.0
    while n > 0:
        total = total + 2 * w
        n = n - 1
    return total / 4


def refusing(w: float, n: int) -> float:
    if n > 2:
        raise LookupError(f"{w} was not found")
    return average(w, n)


def overflowing(w: float, n: int) -> float:
    return math.exp(1000.0 + w + n)


def endless(w: float, n: int) -> float:
    raise OutOfFuel(w, n)


CASES: tuple[Args, ...] = ((1.5, 2), (-0.75, 3), (2.25, 5))


def named(*variants: Callable[..., Any]) -> tuple[Misconception, ...]:
    return tuple(
        Misconception(
            id=each.__name__.strip("<>").lower(), variant=each, title="A mistake", hint="Look."
        )
        for each in variants
    )


def challenge(
    *variants: Callable[..., Any],
    reference: Callable[..., Any] = average,
    cases: Sequence[Args] = CASES,
    check: Check | None = None,
    **fields: Any,
) -> Challenge:
    group = Group(
        name="all",
        title="All",
        points=1,
        check=check or Matches(),
        cases=tuple(Case(name=f"case {i}", args=args) for i, args in enumerate(cases)),
    )
    return Challenge(
        id="average",
        title="Average",
        parameters=("w", "n")[: len(cases[0])],
        reference=reference,
        groups=(group,),
        misconceptions=named(*variants),
        **fields,
    )


def calls_of(challenge: Challenge) -> list[CaseData]:
    return list(build(challenge, b"secret").cases())


def known(*variants: Callable[..., Any], **fields: Any) -> Known:
    declared = challenge(*variants, **fields)
    return Known(declared, calls_of(declared))


def ids(programs: Sequence[Program]) -> list[str]:
    return ["+".join(entry.id for entry in each.entries) or each.change[0] for each in programs]


def answers(known: Known, program: Program) -> list[Any]:
    return [known.answer(program, call) for call in range(len(CASES))]


# --- variants -------------------------------------------------------------------------------------


def test_a_variant_answers_as_its_function_does() -> None:
    have = known(tripled, halved)
    programs = have.programs(Family.VARIANT)
    assert ["tripled", "halved"] == ids(programs)
    assert [[each(*args) for args in CASES] for each in (tripled, halved)] == [
        answers(have, program) for program in programs
    ]
    assert [("", ""), ("", "")] == [program.change for program in programs]


def test_a_variant_that_raises_has_the_exception_for_an_answer() -> None:
    have = known(refusing)
    (program,) = have.programs(Family.VARIANT)
    raised = Raising(("LookupError", "Exception", "BaseException", "object"))
    assert [average(*CASES[0]), raised, raised] == answers(have, program)


def test_a_variant_that_overflows_or_never_ends() -> None:
    have = known(overflowing, endless)
    overflows, runs_on = have.programs(Family.VARIANT)
    assert [OVERFLOW] * 3 == answers(have, overflows)
    assert [NOTHING] * 3 == answers(have, runs_on)


def test_no_answer_agrees_with_nothing() -> None:
    for actual in (NOTHING, None, 1.0, math.nan, Raising(("ValueError",)), OVERFLOW):
        assert not agrees(actual, NOTHING, 1.0, TOLERANCE)


def test_a_variant_that_spoils_its_inputs_spoils_nothing() -> None:
    def popping(xs: list[float]) -> float:
        return xs.pop() if xs else -1.0

    def total(xs: list[float]) -> float:
        return sum(xs)

    declared = challenge(popping, popping_twice, reference=total, cases=[([1.0, 2.0],)])
    calls = calls_of(declared)
    have = Known(declared, calls)
    first, second = have.programs(Family.VARIANT)
    assert (2.0, 1.0) == (have.answer(first, 0), have.answer(second, 0))
    assert ([1.0, 2.0],) == args_of(calls[0])


def popping_twice(xs: list[float]) -> float:
    xs.pop()
    return xs.pop()


class Counting:
    """A variant that counts its calls."""

    __name__ = "counting"

    def __init__(self) -> None:
        self.calls: list[Args] = []

    def __call__(self, w: float, n: int) -> float:
        self.calls.append((w, n))
        return 7.0 * w + n


def test_a_variant_runs_only_when_it_is_asked_for_and_once() -> None:
    counting = Counting()
    have = known(counting)
    (program,) = have.programs(Family.VARIANT)
    assert [] == counting.calls
    have.answer(program, 1)
    have.answer(program, 1)
    assert [CASES[1]] == counting.calls
    list(have.near(Family.VARIANT, 0, 0.0, 1.0))
    list(have.near(Family.VARIANT, 0, 5.0, 1.0))
    assert [CASES[1], CASES[0]] == counting.calls


def test_an_exam_that_needs_no_lookup_runs_no_variant() -> None:
    counting = Counting()
    have = known(counting)
    have.near(Family.VARIANT, 0, 0.0, 1.0)
    have.programs(Family.MUTANT)
    have.programs(Family.PAIR)
    assert [] == counting.calls


def test_the_programs_are_the_same_each_time() -> None:
    have = known(tripled, halved)
    for family in Family:
        assert list(map(id, have.programs(family))) == list(map(id, have.programs(family)))


# --- random variants ------------------------------------------------------------------------------


def noisy(w: float, n: int) -> float:
    return w + n + random.random() + float(np.random.rand())


def test_a_random_variant_answers_the_same_and_disturbs_nobody() -> None:
    random.seed(5)
    np.random.seed(5)
    expected = (random.random(), np.random.rand())
    random.seed(5)
    np.random.seed(5)
    first, second = (
        answers(have, have.programs(Family.VARIANT)[0])
        for have in (known(noisy, runs=3), known(noisy, runs=3))
    )
    assert first == second
    assert expected == (random.random(), np.random.rand())


# --- pairs ----------------------------------------------------------------------------------------


def both(w: float, n: int) -> float:
    return (1.0 + n * 3 * w) / 2


def test_a_pair_makes_both_mistakes() -> None:
    have = known(tripled, halved, started_at_zero)
    pairs = have.programs(Family.PAIR)
    assert ["tripled+halved", "tripled+started_at_zero", "halved+started_at_zero"] == ids(pairs)
    assert answers(have, pairs[0]) == pytest.approx([both(*args) for args in CASES])
    assert ("tripled", "halved") == tuple(entry.id for entry in pairs[0].entries)


def test_edits_that_meet_are_no_pair() -> None:
    assert [] == known(tripled, doubled_twice).programs(Family.PAIR)


def doubled_twice(w: float, n: int) -> float:
    total = 1.0
    while n > 0:
        total = total + 4 * w
        n = n - 1
    return total / 4


def test_without_a_text_there_are_no_pairs_and_no_mutants() -> None:
    def local(w: float, n: int) -> float:
        return average(w, n)

    have = known(tripled, halved, reference=local)
    assert ([], []) == (have.programs(Family.PAIR), have.programs(Family.MUTANT))
    assert ["tripled", "halved"] == ids(have.programs(Family.VARIANT))


def test_a_variant_without_a_text_is_in_no_pair() -> None:
    have = known(tripled, Counting(), halved)
    assert ["tripled+halved"] == ids(have.programs(Family.PAIR))


# --- mutants --------------------------------------------------------------------------------------


def test_mutants_have_an_id_a_change_and_answers_of_their_own() -> None:
    have = known()
    programs = have.programs(Family.MUTANT)
    assert len(programs) > 10
    assert len(programs) == len({program.change[0] for program in programs})
    assert all(program.change[1] for program in programs)
    right = [average(*args) for args in CASES]
    by_change = {program.change[1]: answers(have, program) for program in programs}
    assert sum(found != right for found in by_change.values()) > len(programs) / 2


def test_a_mutant_that_never_ends_answers_nothing() -> None:
    have = known()
    found = {program.change[1]: have.answer(program, 0) for program in have.programs(Family.MUTANT)}
    endless = [change for change, answer in found.items() if answer is NOTHING]
    assert any("n + 1" in change for change in endless)
    assert len(endless) < len(found) / 2
    assert FUEL < 1_000_000


def table(count: int) -> list[float]:
    made: list[float] = []
    while len(made) < count:
        made.append(1.0 / (count - len(made)))
    return made


TABLE = table(3)


def looked_up(w: float, n: int) -> float:
    return TABLE[n % 3] * w


def power(limit: int, found: int = 1) -> int:
    while found < limit:
        found = 2 * found
    return found


LARGEST = power(1000)


def bounded(w: float, n: int) -> float:
    return w * n / LARGEST


@pytest.mark.parametrize("reference", [looked_up, bounded], ids=["raises", "never ends"])
def test_a_mutant_that_cannot_even_be_imported_breaks_nothing(
    reference: Callable[..., Any],
) -> None:
    have = known(reference=reference)
    try:
        have.programs(Family.MUTANT)
    except OutOfFuel:
        pytest.fail("a mutant ran out of fuel where it is made")
    programs = have.programs(Family.MUTANT)
    answered = [have.answer(program, 0) for program in programs]
    assert any(isinstance(answer, float) for answer in answered)


# --- looking up -----------------------------------------------------------------------------------


def near(have: Known, family: Family, call: int, value: Any, width: float) -> list[str]:
    return ids(list(have.near(family, call, value, width)))


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("call", range(len(CASES)))
def test_every_program_is_near_its_own_answer(family: Family, call: int) -> None:
    have = known(tripled, halved, started_at_zero, refusing, overflowing, endless)
    for program in have.programs(family):
        answer = have.answer(program, call)
        assert program in list(have.near(family, call, answer, 0.0))


def test_only_what_is_near_is_looked_at() -> None:
    have = known(tripled, halved, started_at_zero)
    # The first call is answered with 2.5, 3.5 and 1.5.
    assert ["tripled"] == near(have, Family.VARIANT, 0, 2.5, 0.0)
    assert ["tripled"] == near(have, Family.VARIANT, 0, 2.6, 0.11)
    assert [] == near(have, Family.VARIANT, 0, 2.6, 0.05)
    assert ["tripled", "started_at_zero"] == near(have, Family.VARIANT, 0, 2.0, 0.5)
    assert ["tripled", "halved", "started_at_zero"] == near(have, Family.VARIANT, 0, 2.5, 9.0)


@pytest.mark.parametrize(
    "value", [None, "text", True, math.nan, math.inf, OVERFLOW, Raising(("ValueError",)), [], {}]
)
def test_what_has_no_number_is_near_whatever_has_none(value: Any) -> None:
    have = known(tripled, refusing, overflowing, endless)
    assert ["refusing", "overflowing", "endless"] == near(have, Family.VARIANT, 1, value, 9.0)


@pytest.mark.parametrize(
    "value",
    [2.5, [2.5, 1.0], (2.5,), {"w": 2.5}, [[2.5], None], {"a": [2.5]}, np.array([[2.5, 1.0]])],
    ids=repr,
)
def test_a_value_is_looked_up_by_its_first_number(value: Any) -> None:
    assert ["tripled"] == near(known(tripled, halved), Family.VARIANT, 0, value, 0.01)


@settings(deadline=None)  # the first example works all the answers out
@given(st.floats(-10, 10), st.floats(0, 5))
def test_what_is_looked_up_is_what_a_scan_would_find(value: float, width: float) -> None:
    scanned = [
        program.change[0]
        for program in SHARED.programs(Family.MUTANT)
        if (answer := number(SHARED.answer(program, 0))) is not None
        and value - width <= answer <= value + width
    ]
    assert scanned == near(SHARED, Family.MUTANT, 0, value, width)


SHARED = known()


# --- matching -------------------------------------------------------------------------------------


def judged(have_calls: Sequence[CaseData], actual: Sequence[Any]) -> list[Judged]:
    return [
        Judged(call.desired, call.scale, TOLERANCE, actual=value, wrong=True)
        for call, value in zip(have_calls, actual, strict=True)
    ]


def matching(actual: Sequence[Any], *variants: Callable[..., Any], **fields: Any) -> Matching:
    declared = challenge(*variants, **fields)
    exam = Exam(Loaded(declared, Path(), "digest"), build(declared, b"secret"), b"secret")
    return Matching(exam, judged(calls_of(declared), actual))


def test_a_submission_matches_the_variant_that_answers_alike() -> None:
    found = matching([tripled(*args) for args in CASES], halved, tripled, started_at_zero)
    assert ["tripled"] == ids(found.variants([0, 1, 2]))
    assert [] == ids(found.pairs([0, 1, 2]))


def test_one_call_that_differs_is_enough_against_it() -> None:
    actual = [*(tripled(*args) for args in CASES[:2]), 1.0]
    found = matching(actual, halved, tripled)
    assert ["tripled"] == ids(found.variants([0, 1]))
    assert [] == ids(found.variants([0, 1, 2]))
    assert [] == ids(found.variants([2, 0, 1]))


@pytest.mark.parametrize(("error", "expected"), [(1e-8, ["tripled"]), (1e-4, [])])
def test_a_match_is_within_the_tolerance(error: float, expected: list[str]) -> None:
    actual = [tripled(*args) * (1 + error) for args in CASES]
    assert expected == ids(matching(actual, tripled).variants([0, 1, 2]))


def test_two_variants_that_answer_alike_both_match() -> None:
    def as_tripled(w: float, n: int) -> float:
        return tripled(w, n) * (1 + 1e-9)

    found = matching([tripled(*args) for args in CASES], as_tripled, halved, tripled)
    assert ["as_tripled", "tripled"] == ids(found.variants([0, 1, 2]))


def test_a_submission_matches_a_pair() -> None:
    found = matching([both(*args) for args in CASES], tripled, halved, started_at_zero)
    assert [] == ids(found.variants([0, 1, 2]))
    assert ["tripled+halved"] == ids(found.pairs([0, 1, 2]))


def test_a_submission_matches_a_mutant() -> None:
    found = matching([(1.0 + 2 * w * (n + 1)) / 4 for w, n in CASES])
    changes = [program.change[1] for program in found.mutants([0, 1, 2])]
    assert any("n >= 0" in change for change in changes)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (Raising(("LookupError", "Exception")), ["refusing"]),
        (Raising(("KeyError", "LookupError")), []),
        (math.nan, ["overflowing"]),
        (math.inf, ["overflowing"]),
        (None, []),
        ("text", []),
    ],
    ids=repr,
)
def test_what_is_no_number_matches_what_is_none(actual: Any, expected: list[str]) -> None:
    found = matching([0.0, actual, actual], tripled, refusing, overflowing, endless)
    assert expected == ids(found.variants([1, 2]))


# --- matching of structures -----------------------------------------------------------------------


def parts(w: float, n: int) -> dict[str, float]:
    return {"w": 2 * w, "b": 3.0 * n}


def wrong_parts(w: float, n: int) -> dict[str, float]:
    return {"w": 5 * w, "b": 7.0 * n}


def test_a_dict_matches_whatever_the_order_of_its_keys() -> None:
    right_order = [wrong_parts(*args) for args in CASES]
    other_order = [dict(reversed(each.items())) for each in right_order]
    for actual in (right_order, other_order):
        found = matching(actual, wrong_parts, reference=parts)
        assert ["wrong_parts"] == ids(found.variants([0, 1, 2]))


def labelled(w: float, n: int) -> list[Any]:
    return [1e6 * w, n > 0, "sgd"]


def wrongly_labelled(w: float, n: int) -> list[Any]:
    return [3e6 * w, n > 0, "sgd"]


def test_numbers_beside_other_values_match_within_the_tolerance() -> None:
    exact = [wrongly_labelled(*args) for args in CASES]
    rounded = [[each[0] * (1 + 1e-9), *each[1:]] for each in exact]
    for actual in (exact, rounded):
        found = matching(actual, wrongly_labelled, reference=labelled)
        assert ["wrongly_labelled"] == ids(found.variants([0, 1, 2]))


def vector(w: float, n: int) -> Any:
    return np.array([w, 2.0 * n])


def wrong_vector(w: float, n: int) -> Any:
    return np.array([w, 3.0 * n])


@pytest.mark.parametrize(
    ("convert", "expected"),
    [
        (np.asarray, ["wrong_vector"]),
        (lambda value: value.astype(np.float32), ["wrong_vector"]),
        (lambda value: value[::-1], []),
        (lambda value: value.tolist(), []),
    ],
)
def test_an_array_matches_an_array(convert: Callable[[Any], Any], expected: list[str]) -> None:
    actual = [convert(wrong_vector(*args)) for args in CASES]
    found = matching(actual, wrong_vector, reference=vector)
    assert expected == ids(found.variants([0, 1, 2]))


def a_bit_low(w: float, n: int) -> float:
    return 0.99 * tripled(w, n)


def test_where_outcomes_are_judged_a_program_that_passes_explains_no_rejection() -> None:
    check = Holds(name="high", holds=lambda y, w, n: y >= tripled(w, n), message="It is too low")
    declared = challenge(tripled, a_bit_low, check=check)
    exam = Exam(Loaded(declared, Path(), "digest"), build(declared, b"secret"), b"secret")
    asked = [
        Judged(call.desired, call.scale, check.near, actual=0.985 * tripled(*args), wrong=True)
        for call, args in zip(calls_of(declared), CASES, strict=True)
    ]
    # Both are within 2 percent, and one of them is accepted.
    assert ["a_bit_low"] == ids(Matching(exam, asked).variants([0, 2]))


def test_matching_runs_what_is_near_on_the_other_calls_and_nothing_else() -> None:
    counting = Counting()
    found = matching([tripled(*args) for args in CASES], tripled, counting)
    assert ["tripled"] == ids(found.variants([0, 1, 2]))
    assert [CASES[0]] == counting.calls
