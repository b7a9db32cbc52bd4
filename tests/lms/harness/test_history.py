"""Gradescope's metadata: what is understood is used, and nothing else does any harm."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.lms.harness import history
from grader.lms.harness.history import History

METADATA = {
    "id": 123456,
    "created_at": "2026-11-25T15:30:00.000000-05:00",
    "assignment": {
        "due_date": "2026-11-25T20:00:00.000000-05:00",
        "id": 25828,
        "late_due_date": None,
        "total_points": "20.0",
    },
    "submission_method": "upload",
    "users": [{"email": "student@example.test", "id": 1234, "name": "Student User"}],
    "previous_submissions": [
        {
            "submission_time": "2026-11-25T15:29:00.000000-05:00",
            "score": 7.5,
            "results": {"tests": []},
        },
        {
            "submission_time": "2026-11-25T15:28:00.000000-05:00",
            "score": 20.0,
            "results": {"tests": []},
        },
    ],
}


def read(**changes: Any) -> History:
    return history.of(json.dumps(METADATA | changes).encode())


def test_the_documented_form_is_understood() -> None:
    created = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)
    assert History(created, late=False, attempt=3, earlier=7.5) == read()


def test_after_the_due_date_it_is_late() -> None:
    assert read(created_at="2026-11-26T02:00:01Z").late is True
    assert read(created_at="2026-11-26T02:00:01").late is None
    assert read(assignment={"due_date": None}).late is None


@pytest.mark.parametrize(
    ("score", "expected"),
    [(7, 7.0), ("7.5", 7.5), (0.0, 0.0), (-1, None), ("A+", None), (None, None), (True, None)],
)
def test_an_earlier_score_counts_if_it_is_a_number_of_points(
    score: object, expected: float | None
) -> None:
    assert expected == read(previous_submissions=[{"score": score}]).earlier


@pytest.mark.parametrize("score", ["NaN", "Infinity", "1e400", "9" * 400])
def test_a_number_beyond_all_points_is_none(score: str) -> None:
    data = b'{"previous_submissions": [{"score": %s}]}' % score.encode()
    assert History(attempt=2) == history.of(data)


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"\xff", b"null", b"[" * 100_000, b"{}"])
def test_what_says_nothing_is_unknown(data: bytes) -> None:
    assert History() == history.of(data)


PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes().map(str)
)
ANY = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=3), PLAIN, max_size=3)


@given(st.dictionaries(st.sampled_from(sorted(METADATA)), ANY), ANY, ANY)
def test_no_form_of_it_stops_the_grading(changes: Any, due: Any, earlier: Any) -> None:
    whole = METADATA | {"assignment": {"due_date": due}} | changes
    whole.setdefault("previous_submissions", [{"score": earlier, "submission_time": due}])
    found = history.of(json.dumps(whole).encode())
    assert found.earlier is None or found.earlier >= 0
    assert found.late is None or found.created_at is not None
