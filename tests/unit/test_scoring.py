"""Points: shares, awards, and that a judge error is no mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import scoring
from grader.verdict import Verdict, worst

VERDICTS = st.lists(
    st.sampled_from([v for v in Verdict if v is not Verdict.JUDGE_ERROR]), min_size=1
)
POINTS = st.integers(0, 1000)


@given(POINTS, VERDICTS)
def test_a_sum_is_in_proportion_and_never_over_the_points(
    points: int, verdicts: list[Verdict]
) -> None:
    accepted = verdicts.count(Verdict.ACCEPTED)
    score = scoring.group_score(points, verdicts, "sum")
    assert score is not None
    assert 0 <= score <= points
    assert pytest.approx(points * accepted / len(verdicts), abs=1e-6) == score


@given(POINTS, VERDICTS)
def test_all_or_nothing_is_one_or_the_other(points: int, verdicts: list[Verdict]) -> None:
    right = all(verdict is Verdict.ACCEPTED for verdict in verdicts)
    assert (float(points) if right else 0.0) == scoring.group_score(points, verdicts, "all")


def test_tenths_add_up_to_a_number_that_a_platform_accepts() -> None:
    assert 0.8 == scoring.total([0.1] * 8)


@pytest.mark.parametrize("award", ["sum", "all"])
def test_a_judge_error_is_no_mark(award: str) -> None:
    verdicts = [Verdict.ACCEPTED, Verdict.JUDGE_ERROR]
    assert scoring.group_score(10, verdicts, award) is None
    assert scoring.total([5.0, None]) is None
    assert scoring.case_score(Verdict.JUDGE_ERROR, 1.0) is None


def test_shares_are_equal_and_complete() -> None:
    assert (2.5,) * 4 == scoring.shares(10, 4)


@given(st.lists(st.sampled_from(list(Verdict)), min_size=1))
def test_the_worst_verdict_stands_for_all(verdicts: list[Verdict]) -> None:
    order = list(Verdict)
    assert order[min(order.index(verdict) for verdict in verdicts)] == worst(verdicts)


def test_nothing_judged_is_skipped() -> None:
    assert Verdict.SKIPPED == worst([])
