"""The figures of a class are those that a textbook gives."""

import gc
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.diagnosis import Diagnosis
from grader.reports.html import statistics
from grader.reports.html.statistics import CaseFigures
from grader.result import CaseResult, GroupResult, SandboxInfo, SubmissionResult
from grader.values import Opaque
from grader.verdict import Verdict, Visibility, worst

RIGHT, WRONG = Verdict.ACCEPTED, Verdict.WRONG_ANSWER


def result(name: str, *verdicts: Verdict, **fields: Any) -> SubmissionResult:
    """A submission with a case for each verdict, a point each, in one hidden group."""
    actual = fields.pop("actual", [None] * len(verdicts))
    cases = tuple(
        CaseResult(
            f"case {i}", verdict, float(verdict is RIGHT), 1.0, 0.01, desired=1.0, actual=actual[i]
        )
        for i, verdict in enumerate(verdicts)
    )
    score = float(sum(verdict is RIGHT for verdict in verdicts))
    known: dict[str, Any] = {
        "challenge": "c",
        "challenge_digest": "",
        "dataset_digest": "",
        "submission": name,
        "language": "python",
        "sha256": "",
        "verdict": worst(verdicts),
        "score": score,
        "max_score": float(len(verdicts)),
        "groups": (
            GroupResult(
                "g", "G", Visibility.HIDDEN, score, float(len(verdicts)), worst(verdicts), cases
            ),
        ),
        "diagnosis": (),
        "notes": (),
        "sandbox": SandboxInfo("full", ()),
        "cpu_s": 0.01,
        "wall_s": 0.01,
    }
    return SubmissionResult(**{**known, **fields})


def pattern(rows: list[str]) -> list[SubmissionResult]:
    """A class in which row i answers its cases right where it has a 1."""
    return [
        result(str(i), *(RIGHT if each == "1" else WRONG for each in row))
        for i, row in enumerate(rows)
    ]


ROWS = ["1111", "1110", "1100", "1000", "0001", "0000"]


def test_discrimination_is_the_correlation_with_the_rest() -> None:
    figures = list(statistics.tally(pattern(ROWS)).cases.values())
    table = np.array([[int(each) for each in row] for row in ROWS])
    for i, case in enumerate(figures):
        rest = table.sum(axis=1) - table[:, i]
        expected = np.corrcoef(table[:, i], rest)[0, 1]
        assert case.discrimination == pytest.approx(expected)
        assert case.share == pytest.approx(table[:, i].mean())


def test_a_case_that_the_better_ones_fail_is_below_0_and_named() -> None:
    tally = statistics.tally(pattern(["1110", "1110", "0001", "0001"]))
    [found] = statistics.doubtful(tally.cases.values(), 0.2, 9)
    assert "case 3" == found.name
    assert -1.0 == pytest.approx(found.discrimination)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=1, max_size=30))
def test_discrimination_is_within_its_bounds(answers: list[tuple[bool, int]]) -> None:
    figures = CaseFigures("g", "c")
    for right, rest in answers:
        figures.add(CaseResult("c", RIGHT if right else WRONG, 0.0, 1.0, 0.0), rest + 0.1)
    assert figures.discrimination is None or -1.0 <= figures.discrimination <= 1.0
    rests = {rest for _, rest in answers}
    varies = len(rests) > 1 and len({right for right, _ in answers}) > 1
    assert varies == (figures.discrimination is not None)


def test_the_hardest_come_first_and_the_ones_that_all_pass_never() -> None:
    tally = statistics.tally(pattern(["1100", "1000", "1010"]))
    assert ["case 3", "case 1", "case 2"] == [
        case.name for case in statistics.hardest(tally.cases.values(), 9)
    ]
    assert ["case 3"] == [case.name for case in statistics.hardest(tally.cases.values(), 1)]


def test_what_was_not_run_says_nothing_of_a_case() -> None:
    skipped = result("s", RIGHT, Verdict.SKIPPED)
    invalid = result("i", *[Verdict.INVALID_SUBMISSION] * 2)
    broken = result("j", *[Verdict.JUDGE_ERROR] * 2, score=None)
    tally = statistics.tally([*pattern(["11", "01"]), skipped, invalid, broken])
    first, second = tally.cases.values()
    assert (3, 2, 0) == (first.judged, first.accepted, first.skipped)
    assert (2, 2, 1) == (second.judged, second.accepted, second.skipped)
    assert 5 == len(tally.standings)
    assert 4 == len(statistics.shares(tally.standings))
    assert ["j"] == list(tally.judge_errors)
    [group] = tally.groups.values()
    assert group.share == pytest.approx((2 + 1 + 1) / (3 * 2))


def test_scores_fall_into_equal_ranges() -> None:
    assert [1, 0, 0, 1, 0, 0, 1, 0, 0, 2] == statistics.distribution([0, 0.3, 0.6, 0.9, 1])
    assert [0] * 10 == statistics.distribution([])
    assert 3.0 == statistics.quantile([1.0, 3.0, 10.0], 0.5)
    assert 8.6 == pytest.approx(statistics.quantile([1.0, 3.0, 10.0], 0.9))


def test_explanations_are_counted_by_size_with_their_names() -> None:
    rare = Diagnosis("misconception", "rare", "R", "r")
    often = Diagnosis("misconception", "often", "O", "o")
    other = Diagnosis("shape", "often", "S", "s")
    example = Diagnosis("counterexample", "counterexample", "E", "e")
    tally = statistics.tally(
        [
            result("a", WRONG, diagnosis=(rare, example)),
            result("b", WRONG, diagnosis=(often, other)),
            result("c", WRONG, diagnosis=(often,)),
        ]
    )
    found = statistics.by_size(tally.reasons.values(), ("misconception",))
    assert [("often", ["b", "c"]), ("rare", ["a"])] == [(each.id, each.names) for each in found]
    assert ["b"] == statistics.by_size(tally.reasons.values(), ("shape",))[0].names
    assert not tally.clusters


def test_wrong_answers_that_nothing_explains_stand_together_where_they_behave_alike() -> None:
    example = Diagnosis("counterexample", "counterexample", "E", "e")
    broken = Diagnosis("property", "p", "P", "p")
    tally = statistics.tally(
        [
            result("a", WRONG, RIGHT, actual=[0.1 + 0.2, 1.0]),
            result("b", WRONG, RIGHT, actual=[0.3, 1.0], diagnosis=(example,)),
            result("c", WRONG, RIGHT, actual=[0.300001, 1.0], diagnosis=(broken,)),
            result("d", WRONG, RIGHT, actual=[{"w": [math.nan]}, 1.0]),
            result("e", WRONG, RIGHT, actual=[Opaque("generator"), 1.0]),
            result("f", RIGHT, RIGHT, actual=[1.0, 1.0]),
            result("g", Verdict.TIME_LIMIT_EXCEEDED, RIGHT),
        ]
    )
    clusters = statistics.clusters_by_size(tally.clusters.values())
    assert [["a", "b"], ["c"], ["d"], ["e"]] == [each.names for each in clusters]
    assert ("G", "case 0", "1.0", "0.30000000000000004") == (
        clusters[0].sample.group,
        clusters[0].sample.case,
        clusters[0].sample.expected,
        clusters[0].sample.got,
    )


def test_a_tally_keeps_no_result() -> None:
    def alive() -> int:
        return sum(isinstance(each, SubmissionResult | CaseResult) for each in gc.get_objects())

    gc.collect()
    before = alive()
    tally = statistics.tally(result(str(i), WRONG, actual=[i]) for i in range(50))
    gc.collect()
    assert before == alive()
    assert 50 == len(tally.clusters)


def test_a_huge_value_leaves_a_short_sample() -> None:
    tally = statistics.tally([result("a", WRONG, actual=["x" * 10**6])])
    [cluster] = tally.clusters.values()
    assert len(cluster.sample.got) <= 300


def test_whole_numbers_are_one_behaviour_with_the_floats_they_equal() -> None:
    assert statistics.rounded([2**70, 7]) == statistics.rounded([float(2**70), 7.0])
    assert "NaN" == statistics.rounded("NaN")
