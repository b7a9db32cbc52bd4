"""Marks of a run: whose hand-ins, which times, what the policies and adjustments made of them."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import marks
from grader.assignment import Assignment, parsed
from grader.marks import HandIn, Rules, Standing
from grader.policies import ByHand

TEXT = """
title = "Two"
timezone = "Europe/Berlin"
due = 2026-11-30T23:59:00
late = {{ kind = "per_day", deduct = "10%", cutoff_days = 3 }}
attempts = {{ keep = "{keep}" }}
[[challenges]]
id = "one"
weight = 2
[[challenges]]
id = "two"
points = 50
{more}
"""
MOST = {"one": 10.0, "two": 100.0}


def assignment(keep: str = "latest", more: str = "") -> Assignment:
    return parsed(TEXT.format(keep=keep, more=more).encode(), "a.toml")


def hand_in(challenge: str, score: float | None, at: str = "", **more: Any) -> HandIn:
    about = {"platform": "canvas", "key": "7", "attempt": more.pop("attempt", 1)}
    about |= {"local_time": at or None, **more.pop("about", {})}
    return HandIn(
        more.pop("submission", "id"), f"7/{challenge}.py", challenge, score, about, **more
    )


def standing(*found: HandIn, rules: Rules | None = None) -> Standing:
    (only,) = marks.standings(found, rules or Rules(assignment(), MOST))
    return only


def test_a_mark_is_scaled_reduced_adjusted_weighted_and_added_up() -> None:
    found = standing(
        hand_in("one", 8.0, "2026-11-30T20:00:00"),
        hand_in("two", 90.0, "2026-12-01T08:00:00", by_hand=(ByHand(-2.5, "a comment"),)),
    )
    # one: 8 of 10, twice; two: 45 of 50, a day late (5), and 2.5 by hand.
    assert {"one": 8.0, "two": 37.5} == {name: mark.score for name, mark in found.marks.items()}
    assert {"one": 0, "two": -5} == found.lateness
    assert {"one": 0, "two": Fraction(-5, 2)} == found.adjustments
    assert 53.5 == found.total.score
    assert Fraction(70) == marks.max_total(Rules(assignment(), MOST))
    assert (True, datetime(2026, 12, 1, 7, tzinfo=UTC)) == (found.late, found.submitted_at)
    assert ["score", "points", "late", "adjust"] == [
        step.what for step in found.total.steps if step.about.startswith("two, attempt")
    ]
    assert () == found.notes


def test_what_was_not_handed_in_gives_nothing_and_what_was_not_judged_has_no_mark() -> None:
    assert 16.0 == standing(hand_in("one", 8.0)).total.score
    found = standing(hand_in("one", None, why="the judge failed: the box broke"))
    assert (None, 0.0, None) == (
        found.marks["one"].value, found.marks["two"].score, found.total.value
    )  # fmt: skip
    assert ("one: the judge failed: the box broke",) == found.notes
    nobody = standing(HandIn("", "7", "", None, {"key": "7"}, why="no file defines anything"))
    assert (0.0, ("7: no file defines anything",)) == (nobody.total.score, nobody.notes)


def test_adjusting_what_has_no_mark_gives_none() -> None:
    found = standing(hand_in("one", None, why="it broke", by_hand=(ByHand(5, "x"),)))
    assert (None, None) == (found.marks["one"].value, found.adjustments["one"])


@pytest.mark.parametrize(("keep", "expected"), [("latest", 2.0), ("best", 9.0), ("average", 5.5)])
def test_attempts_are_made_one_by_the_assignments_policy(keep: str, expected: float) -> None:
    found = standing(
        hand_in("one", 2.0, "2026-11-02T00:00:00", attempt=2, submission="b"),
        hand_in("one", 9.0, "2026-11-01T00:00:00", attempt=1, submission="a"),
        rules=Rules(assignment(keep), MOST),
    )
    assert expected == found.marks["one"].score


def test_an_extension_of_the_roster_counts() -> None:
    late = "2026-12-02T12:00:00"
    assert 6.0 == standing(hand_in("one", 8.0, late)).marks["one"].score
    for about in ({"extension_hours": 48.0}, {"due": "2026-12-02T12:00:00"}):
        found = standing(hand_in("one", 8.0, late, about=about))
        assert (8.0, False) == (found.marks["one"].score, found.late)
    assert datetime(2026, 12, 2, 12, tzinfo=ZoneInfo("Europe/Berlin")) == found.due


def test_a_late_flag_without_a_time_deducts_nothing_and_is_said() -> None:
    found = standing(hand_in("one", 8.0, about={"late": True}))
    assert (8.0, True) == (found.marks["one"].score, found.late)
    assert "late, and the platform does not say by how much" in found.notes[0]


def test_a_clock_time_that_comes_twice_is_the_earlier() -> None:
    about = {"local_time": "2026-10-25T02:30:00"}
    zone = ZoneInfo("Europe/Berlin")
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == marks.handed_in(about, zone)
    assert None is marks.handed_in(about, None)
    aware = {"submitted_at": "2026-10-25T02:30:00-05:00"}
    assert datetime(2026, 10, 25, 7, 30, tzinfo=UTC) == marks.handed_in(aware, zone)


def test_a_challenge_that_the_run_has_not_graded_leaves_no_total() -> None:
    drop = "[drop]\nlowest = 1"
    found = standing(hand_in("one", 8.0), rules=Rules(assignment(more=drop), {"one": 10.0}))
    assert (8.0, None, None) == (
        found.marks["one"].score, found.marks["two"].value, found.total.value
    )  # fmt: skip
    assert "two: not graded in this run" in found.notes


def test_without_an_assignment_the_latest_counts_and_the_best_if_it_was_imported_so() -> None:
    rules = Rules(None, {"one": 10.0})
    tries = [hand_in("one", 9.0, attempt=1), hand_in("one", 4.0, attempt=2)]
    assert 4.0 == standing(*tries, rules=rules).total.score
    tries = [hand_in("one", 9.0, about={"attempts": "best"}), hand_in("one", 4.0, attempt=2)]
    assert 9.0 == standing(*tries, rules=rules).total.score
    given = hand_in("one", 9.0, by_hand=(ByHand(2, "bonus"), ByHand(-1, "less")))
    assert 10.0 == standing(given, rules=rules).total.score


def test_students_are_told_apart_by_platform_and_key_or_folder() -> None:
    found = [
        HandIn("a", "canvas:7/a.py", "one", 1.0, {"platform": "canvas", "key": "7"}),
        HandIn("b", "moodle:7/a.py", "one", 1.0, {"platform": "moodle", "key": "7"}),
        HandIn("c", "ada/src/a.py", "one", 1.0, {"student": "ada"}),
        HandIn("d", "mon/bob.py", "one", 1.0, {}),
    ]
    assert [("", "ada"), ("", "mon/bob.py"), ("canvas", "7"), ("moodle", "7")] == [
        each.student for each in marks.standings(found, Rules(None, {"one": 10.0}))
    ]


SCORES = st.floats(0, 10).map(lambda value: round(value, 3))
SPANS = st.integers(-100, 100).map(lambda hours: timedelta(hours=hours))


@given(
    st.lists(st.tuples(SCORES, SPANS, SCORES), max_size=4),
    st.sampled_from(["latest", "best", "average"]),
)
def test_the_columns_add_up_to_what_the_mark_would_be(
    tries: list[tuple[float, timedelta, float]], keep: str
) -> None:
    rules = Rules(assignment(keep), MOST)
    due = assignment().due.astimezone(UTC)
    found = [
        hand_in("one", score, about={"submitted_at": (due + span).isoformat()}, attempt=number,
                by_hand=(ByHand(points, "x"),) if points else ())
        for number, (score, span, points) in enumerate(tries, 1)
    ] or [HandIn("", "7", "", None, {"key": "7"})]  # fmt: skip
    one = standing(*found, rules=rules)
    assert one.total.value == 2 * one.marks["one"].value + one.marks["two"].value
    assert 0 <= one.adjustments["one"] <= one.marks["one"].value
    assert one.total.steps[-1].after == one.total.value


# --- who has handed in nothing, and which attempt counts -------------------------------------


def test_who_has_handed_in_nothing_has_nothing_and_that_is_said() -> None:
    found = marks.standing(marks.Student("canvas", "8"), (), Rules(assignment(), MOST))
    assert ({"one": 0.0, "two": 0.0}, 0.0) == (
        {name: mark.score for name, mark in found.marks.items()}, found.total.score
    )  # fmt: skip
    assert (("nothing handed in",), None, None) == (found.notes, found.late, found.submitted_at)


def test_who_has_handed_in_nothing_keeps_the_own_due_time() -> None:
    rules = Rules(assignment(), MOST)
    student = marks.Student("canvas", "8")
    extended = marks.standing(student, (), rules, {"extension_hours": 48.0})
    assert datetime(2026, 12, 2, 22, 59, tzinfo=UTC) == extended.due


@pytest.mark.parametrize(
    ("keep", "expected"), [("best", ["a"]), ("latest", ["b"]), ("average", ["a", "b"])]
)
def test_the_attempt_that_makes_the_mark_counts(keep: str, expected: list[str]) -> None:
    rules = Rules(assignment(keep), MOST)
    tries = [
        hand_in("one", 9.0, "2026-11-29T20:00:00", submission="a"),
        hand_in("one", 8.0, "2026-11-30T20:00:00", submission="b", attempt=2),
        hand_in("one", 10.0, "2026-12-20T20:00:00", submission="c", attempt=3),
    ]
    found = standing(*tries[: 2 if keep == "average" else 3], rules=rules)
    assert expected == [each.submission for each in marks.counted(found, "one", rules)]
    assert [] == marks.counted(found, "two", rules)


def test_what_came_too_late_does_not_count_even_where_all_are_worth_nothing() -> None:
    rules = Rules(assignment(), MOST)
    found = standing(
        hand_in("one", 0.0, "2026-11-30T20:00:00", submission="a", attempt=1),
        hand_in("one", 10.0, "2026-12-09T20:00:00", submission="b", attempt=2),
        rules=rules,
    )
    assert 0.0 == found.marks["one"].score
    assert ["a"] == [each.submission for each in marks.counted(found, "one", rules)]


def test_the_attempt_that_is_without_a_mark_is_why_there_is_none() -> None:
    rules = Rules(assignment("best"), MOST)
    tries = (
        hand_in("one", 9.0, "2026-11-29T20:00:00", submission="a"),
        hand_in("one", None, "2026-11-30T20:00:00", submission="b", attempt=2),
    )
    found = standing(*tries, rules=rules)
    assert ["b"] == [each.submission for each in marks.counted(found, "one", rules)]
    assert {("b", "one")} == marks.counting([found], rules)
    assert (True, False) == (marks.has_attempts(tries), marks.has_attempts(tries[:1]))


@given(
    st.sampled_from(["best", "latest"]),
    st.lists(st.tuples(st.integers(0, 10), st.integers(1, 6)), min_size=1, max_size=5),
)
def test_what_counts_alone_gives_the_mark(keep: str, tries: list[tuple[int, int]]) -> None:
    rules = Rules(assignment(keep), MOST)
    found = standing(
        *(
            hand_in("one", float(score), f"2026-12-0{day}T20:00:00", attempt=number)
            for number, (score, day) in enumerate(tries, 1)
        ),
        rules=rules,
    )
    counted = marks.counted(found, "one", rules)
    if counted:
        assert found.marks["one"].value == standing(*counted, rules=rules).marks["one"].value
    else:
        assert 0 == found.marks["one"].value
