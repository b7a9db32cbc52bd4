"""Reports render what they are given, and nothing that a submission made gets through raw."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.diagnosis import Diagnosis
from grader.discovery import Skipped
from grader.errors import UsageError
from grader.reports import doctor, single, summary, table, text
from grader.reports.values import show
from grader.reports.words import NEXT_STEP, points, words
from grader.result import CaseResult, GroupResult, SandboxInfo, SubmissionResult, student_view
from grader.sandbox.cell import Hello
from grader.sandbox.tiers import TierReport
from grader.store import Mark
from grader.values import Opaque
from grader.verdict import Verdict, Visibility

HOSTILE = "\x1b[2J\u202e\ud800\x9b31m\r\n=1+1"


def mark_of(result: SubmissionResult) -> Mark:
    """Return a result's standing as a store would give it."""
    return Mark(
        submission="id",
        name=result.submission,
        challenge=result.challenge,
        judgement="key",
        verdict=str(result.verdict),
        score=result.score,
        max_score=result.max_score,
        diagnosis=result.diagnosis[0].id if result.diagnosis else "",
    )


def case(name: str = "a case", **fields: Any) -> CaseResult:
    known: dict[str, Any] = {
        "name": name,
        "verdict": Verdict.WRONG_ANSWER,
        "score": 0.0,
        "max_score": 5.0,
        "cpu_s": 0.0123,
        "message": "expected a number, got a list",
        "inputs": {"data": [1.5, 2.5], "lr": 0.1},
        "desired": 4.25,
        "actual": [4.25],
        "prints": "debugging",
    }
    return CaseResult(**{**known, **fields})


def group(visibility: Visibility, *cases: CaseResult) -> GroupResult:
    return GroupResult(
        "name", f"A {visibility} group", visibility, 0.0, 5.0, Verdict.WRONG_ANSWER, cases
    )


def result(*groups: GroupResult, **fields: Any) -> SubmissionResult:
    known: dict[str, Any] = {
        "challenge": "sgdWithMomentum",
        "challenge_digest": "c" * 64,
        "dataset_digest": "d" * 64,
        "submission": "alice.py",
        "language": "python",
        "sha256": "5" * 64,
        "verdict": Verdict.WRONG_ANSWER,
        "score": 2.5,
        "max_score": 10.0,
        "groups": groups,
        "diagnosis": (Diagnosis("misconception", "no-factor-2", "The factor is lost", "Look."),),
        "notes": ("found as sgd_with_momentum",),
        "sandbox": SandboxInfo("full", ("seccomp",)),
        "cpu_s": 0.0123,
        "wall_s": 0.0456,
    }
    return SubmissionResult(**{**known, **fields})


def plain(report: str) -> str:
    return click.unstyle(report)


def test_a_student_reads_what_failed_why_and_what_next() -> None:
    visible = group(Visibility.VISIBLE, case(), case("fine", verdict=Verdict.ACCEPTED))
    report = plain(single.report(result(visible), "student", "text"))
    for expected in (
        "alice.py\nwrong answer, 2.5 of 10 points",
        "1 of 2 cases accepted",
        "a case: wrong answer\n      expected a number, got a list",
        "data      [1.5, 2.5]\n      lr        0.1\n      expected  4.25\n      got       [4.25]",
        "| debugging",
        "The factor is lost\n    Look.",
        "found as sgd_with_momentum",
        NEXT_STEP[Verdict.WRONG_ANSWER][:40],
    ):
        assert expected in report
    assert "debugging" not in report.split("fine: accepted")[1]


def test_values_are_not_said_twice() -> None:
    told = case(message="expected 4.25, got 1.5", desired=4.25, actual=1.5)
    report = plain(text.render(result(group(Visibility.VISIBLE, told))))
    assert "expected  " not in report
    assert "got  " not in report


def test_a_value_that_never_came_is_not_shown() -> None:
    crashed = case(verdict=Verdict.RUNTIME_ERROR, message="KeyError on line 3", actual=None)
    report = plain(text.render(result(group(Visibility.VISIBLE, crashed))))
    assert "expected  4.25" in report
    assert "got" not in report


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "visibility", [each for each in Visibility if each is not Visibility.VISIBLE]
)
def test_a_hidden_group_shows_a_student_verdict_and_points_only(
    visibility: Visibility, form: single.Form
) -> None:
    shown = result(group(visibility, case(message="secret 1")), diagnosis=(), notes=())
    report = single.report(shown, "student", form)
    for hidden in ("secret", "1.5", "4.25", "debugging", "0.0123", "0.012"):
        assert hidden not in report
    full = single.report(shown, "instructor", form)
    for there in ("secret", "1.5", "4.25", "debugging", "0.012"):
        assert there in full


def test_a_file_that_cannot_run_is_explained_once() -> None:
    unread = case(verdict=Verdict.INVALID_SUBMISSION, message="is a notebook")
    shown = result(group(Visibility.VISIBLE, unread), verdict=Verdict.INVALID_SUBMISSION)
    report = plain(text.render(shown))
    assert "a case" not in report
    assert 1 == report.count("The factor is lost")


def test_a_judge_error_has_no_mark_in_any_report() -> None:
    shown = result(score=None, verdict=Verdict.JUDGE_ERROR)
    assert "no mark (of 10)" in plain(text.render(shown))
    assert json.loads(single.report(shown, "student", "json"))["score"] is None
    assert "alice.py,judge_error,,10," in summary.summary_csv([mark_of(shown)])


def test_no_report_lets_a_terminal_be_controlled() -> None:
    evil = case(HOSTILE, message=HOSTILE, inputs={"x": HOSTILE}, desired=HOSTILE, actual=[HOSTILE])
    hostile = result(
        group(Visibility.VISIBLE, evil._replace(prints=HOSTILE * 3)),
        submission=HOSTILE,
        notes=(HOSTILE,),
        diagnosis=(Diagnosis("shape", HOSTILE, HOSTILE, HOSTILE),),
    )
    for view in ("student", "instructor"):
        for line in plain(single.report(hostile, view, "text")).splitlines():  # type: ignore[arg-type]  # one of View
            assert line.isprintable()
        encoded = single.report(hostile, view, "json")  # type: ignore[arg-type]  # one of View
        assert encoded.replace("\n", "").isprintable()
    assert table.skipped([Skipped(Path("\x1b[0m.txt"), "no")]).replace("\n", "").isprintable()


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.integers(), inner),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_is_shown_as_python_writes_it(value: Any) -> None:
    written = repr(value)
    if written.isprintable() and len(written) < 10_000:
        assert written == show(value, 10_000)


@given(VALUES, st.integers(20, 60))
def test_a_value_is_shown_in_one_short_line(value: Any, limit: int) -> None:
    shown = show(value, limit)
    assert shown.isprintable()
    assert len(shown) <= limit


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2**2000, "<an integer of 2001 bits>"),
        ([10**5000], "[<an integer of 16610 bits>]"),
        (np.array([[1.0, 2.0], [3.0, 4.0]]), "array([[1., 2.], [3., 4.]])"),
        (np.float64(0.5), "0.5"),
        (np.float32(0.1), "0.1"),
        ((1,), "(1,)"),
        ({3, 1}, "{1, 3}"),
        (set(), "set()"),
        (Opaque("generator"), "<generator>"),
        (float("nan"), "nan"),
    ],
)
def test_what_repr_would_not_do(value: Any, expected: str) -> None:
    assert expected == show(value, 200)


def test_a_large_value_costs_no_more_than_what_is_shown_of_it() -> None:
    assert show([list(range(1000))] * 200, 50).endswith("…")
    assert show("x" * 10**7, 50).endswith("…")


@pytest.mark.parametrize("score", [0.7000000000000001, 66.666667, 1e-6, 100.0])
def test_a_score_survives_the_summary(score: float) -> None:
    rows = [mark_of(result(score=round(score, 6)))]
    [cells] = csv.DictReader(io.StringIO(summary.summary_csv(rows)))
    assert round(score, 6) == float(cells["score"])
    assert "no-factor-2" == cells["first_diagnosis"]
    assert len(cells["score"]) < 12


def test_a_formula_stays_a_text_in_the_summary() -> None:
    rows = [mark_of(result(submission="=HYPERLINK(1).py"))]
    assert "'=HYPERLINK(1).py" in summary.summary_csv(rows)


def test_every_verdict_has_words_and_a_next_step() -> None:
    assert set(Verdict) == set(NEXT_STEP)
    assert "time limit exceeded" == words(Verdict.TIME_LIMIT_EXCEEDED)
    assert "0.33 of 1" == points(0.333333, 1.0)


def test_a_report_goes_to_a_file_without_colours(tmp_path: Path) -> None:
    single.write(click.style("red", fg="red") + "\n", tmp_path / "out")
    assert "red\n" == (tmp_path / "out").read_text()
    with pytest.raises(UsageError, match="cannot write"):
        single.write("", tmp_path)


def test_doctor_names_the_strongest_tier_and_what_failed() -> None:
    hello = Hello("closed", ("seccomp",), (("fork", True, "EPERM"),), "3.11.7", "2.4.6")
    reports = [TierReport("full", None, "no\x1b namespaces"), TierReport("closed", hello, None)]
    shown = plain(doctor.as_text(reports))
    for expected in ("full: does not hold", "no\\x1b namespaces", "fork (EPERM)", "auto is closed"):
        assert expected in shown
    assert "closed" == doctor.as_json(reports)["tier"]
    assert doctor.as_json(reports[:1])["tier"] is None
    assert "nothing will be graded" in plain(doctor.as_text(reports[:1]))


def test_the_view_is_taken_from_one_place() -> None:
    shown = result(group(Visibility.HIDDEN, case()))
    assert text.render(student_view(shown)) == single.report(shown, "student", "text")


def test_a_batch_says_what_several_have_not_understood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = [Diagnosis("misconception", name, "T", "H") for name in ("rare", "often", "often")]
    rows = [
        mark_of(result(submission=f"{i}.py", diagnosis=(entry,))) for i, entry in enumerate(named)
    ]
    table.show(rows, tmp_path)
    shown = capsys.readouterr().out
    assert "most often: often (2)\n" in shown
