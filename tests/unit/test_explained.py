"""What a run knows of a mark: judge errors, what is not graded yet, hostile names."""

import csv
import io
from pathlib import Path

import pytest

from grader import batch, explained, marks
from grader.executors import Task
from grader.executors.worker import Setup, failed, prepare
from grader.marks import Expected
from grader.reports import explained as report
from grader.reports.marks import marks_csv
from grader.store import Filed, Store

ASSIGNMENT = """
title = "One"
timezone = "UTC"
due = 2026-11-30T23:59:00
[[challenges]]
id = "sgdWithMomentum"
"""


@pytest.fixture(scope="module")
def setup() -> Setup:
    return prepare("sgdWithMomentum", (), b"a secret", "auto")


@pytest.fixture
def store(tmp_path: Path, setup: Setup) -> Store:
    """Hold a run with a judge error, a submission that waits, and one that nobody can grade."""
    store = batch.open_store(tmp_path, setup, fresh=False, assignment=ASSIGNMENT)
    about = {"platform": "moodle", "key": "=cmd", "attempt": 1}
    task = Task("=cmd/a.py", tmp_path / "a.py", id="broken", about=about)
    store.file([Filed("broken", task.name, task.path, "", "python", about)])
    judged = failed(task, setup, "the box\x1b broke", "a run")
    store.add(judged)
    store.assign("broken", setup.challenge, 1, judged.key)
    store.fault("broken", setup.challenge, "the box\x1b broke")
    marks.remember(store, [
        Expected("broken", task.name, setup.challenge, about),
        Expected("waits", "ada.py", setup.challenge, {"student": "ada"}),
        Expected("", "bob", setup.challenge, {"student": "bob"}, "a.py and b.py each define it"),
    ])  # fmt: skip
    store.commit()
    return store


def test_what_has_no_score_has_no_mark_and_says_why(store: Store) -> None:
    with store:
        rules = marks.rules_of(store)
        text = marks_csv(marks.standings(marks.hand_ins(store), rules), rules)
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(text))}
    assert {"ada", "bob", "'=cmd"} == set(rows)
    assert {""} == {row["total"] for row in rows.values()}
    assert {""} == {row["sgdWithMomentum"] for row in rows.values()}
    assert "100" == rows["ada"]["max_total"]
    assert "not graded yet: start the batch again" in rows["ada"]["note"]
    assert "a.py and b.py each define it" in rows["bob"]["note"]
    assert "the judge failed: the box\\x1b broke" in rows["'=cmd"]["note"]


def test_a_judge_error_is_explained(store: Store) -> None:
    with store:
        found = explained.explain(store, "=cmd", marks.rules_of(store))
    (submission,) = found["submissions"]
    assert ("judge_error", None) == (submission["verdict"], submission["score"])
    assert None is found["total"]
    text = report.text(found)
    assert "\x1b" not in text
    assert "no score: the judge failed: the box\\x1b broke" in text
    assert "mark: none yet, of 100" in text
