"""Policies: what a mark loses, which attempts and challenges count, and that it is explained."""

import itertools
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader import policies
from grader.lateness import Late, LateStep
from grader.policies import Attempt, Attempts, Drop, Mark, Worth

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 11, 30, 23, 59, tzinfo=BERLIN)
HUNDRED = Worth(Fraction(100), Fraction(100))
PER_DAY = Late(kind="per_day", deduct="10%")


def late_mark(late: Late, score: float, by: timedelta, due: datetime = DUE) -> Mark:
    handed_in = due.astimezone(UTC) + by
    return policies.reduced(policies.full_mark(score, HUNDRED), late, Fraction(100), due, handed_in)


def only(late: Late, score: float, by: timedelta, due: datetime = DUE) -> float | None:
    return late_mark(late, score, by, due).score


# --- lateness, by example ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "by", "expected"),
    [
        (PER_DAY, timedelta(0), 80.0),
        (PER_DAY, timedelta(seconds=1), 70.0),
        (PER_DAY, timedelta(days=1), 70.0),
        (PER_DAY, timedelta(days=1, seconds=1), 60.0),
        (PER_DAY, timedelta(days=30), 0.0),
        (Late(kind="per_day", deduct="10%", count="full"), timedelta(hours=23), 80.0),
        (Late(kind="per_day", deduct="10%", count="full"), timedelta(hours=24), 70.0),
        (Late(kind="per_day", deduct="10%", of="score"), timedelta(hours=1), 72.0),
        (Late(kind="per_day", deduct="10%", cap="25%"), timedelta(days=9), 55.0),
        (Late(kind="per_hour", deduct="1.5%"), timedelta(minutes=61), 77.0),
        (Late(kind="per_day", deduct="10%", grace_minutes=15), timedelta(minutes=15), 80.0),
        (Late(kind="per_day", deduct="10%", grace_minutes=15), timedelta(minutes=16), 70.0),
        (Late(kind="per_day", deduct="10%", cutoff_days=2), timedelta(days=2), 60.0),
        (Late(kind="per_day", deduct="10%", cutoff_days=2), timedelta(days=2, seconds=1), 0.0),
        (Late(cutoff_days=0), timedelta(seconds=1), 0.0),
        (Late(cutoff_days=0, grace_minutes=5), timedelta(minutes=5), 80.0),
        (Late(), timedelta(days=100), 80.0),
    ],
)
def test_what_lateness_costs(late: Late, by: timedelta, expected: float) -> None:
    assert expected == only(late, 80, by)


@pytest.mark.parametrize(
    ("hours", "expected"), [(0.5, 80.0), (1.0, 80.0), (1.1, 75.0), (48, 75.0), (48.5, 30.0)]
)
def test_of_the_steps_the_last_that_was_passed_applies(hours: float, expected: float) -> None:
    steps = (LateStep(after_hours=1, deduct="5%"), LateStep(after_hours=48, deduct="50%"))
    assert expected == only(Late(kind="steps", steps=steps), 80, timedelta(hours=hours))


@pytest.mark.parametrize(
    ("due", "hours_of_a_day"),
    [
        (datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN), 23),
        (datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN), 25),
        (datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN), 24),  # the day ends at 03:30: 02:30 is not
        (datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN), 25),  # and at the second 02:30
    ],
)
def test_a_day_ends_when_the_clock_shows_the_due_time(due: datetime, hours_of_a_day: int) -> None:
    day = timedelta(hours=hours_of_a_day)
    assert 70.0 == only(PER_DAY, 80, day, due)
    assert 60.0 == only(PER_DAY, 80, day + timedelta(seconds=1), due)


def test_a_time_in_no_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="in no time zone"):
        policies.reduced(Mark(Fraction(1), ()), PER_DAY, Fraction(1), DUE, datetime(2026, 12, 1))


# --- declarations that make no sense ----------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "per_day"}, "kind 'per_day' needs `deduct`"),
        ({"kind": "none", "deduct": "5%"}, "kind 'none' does not use `deduct`"),
        ({"kind": "steps"}, "kind 'steps' needs `steps`"),
        ({"cap": "5%"}, "a `cap` could limit"),
        ({"kind": "per_day", "deduct": "101%"}, 'from "0%" to "100%"'),
        ({"kind": "per_day", "deduct": "ten%"}, 'from "0%" to "100%"'),
        ({"kind": "per_day", "deduct": 0.1}, 'from "0%" to "100%"'),
        (
            {
                "kind": "steps",
                "steps": [
                    {"after_hours": 2, "deduct": "5%"},
                    {"after_hours": 3, "deduct": "4%"},
                ],
            },
            "deduct no less: 2 h, 5% is followed by 3 h, 4%",
        ),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(fields: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Late(**fields)


@pytest.mark.parametrize("fields", [{}, {"lowest": 1, "best": 2}])
def test_a_drop_says_one_of_two(fields: dict) -> None:
    with pytest.raises(ValidationError, match="give `lowest`"):
        Drop(**fields)


# --- attempts ---------------------------------------------------------------------------------


def attempts(*scores: float | None, late_by: timedelta = timedelta(0)) -> list[Attempt]:
    first = DUE - timedelta(hours=len(scores))
    return [Attempt(s, first + timedelta(hours=i) + late_by) for i, s in enumerate(scores, 1)]


def mark_of(scores: list[Attempt], policy: Attempts, **given) -> Mark:
    return policies.challenge_mark(scores, HUNDRED, PER_DAY, policy, DUE, **given)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Attempts(), 30.0),
        (Attempts(keep="best"), 90.0),
        (Attempts(keep="average"), 50.0),
        (Attempts(max=2), 90.0),
        (Attempts(max=1, keep="best"), 30.0),
    ],
)
def test_which_attempts_count(policy: Attempts, expected: float) -> None:
    in_any_order = [attempts(30, 90, 30)[i] for i in (2, 0, 1)]
    assert expected == mark_of(in_any_order, policy).score


def test_the_best_is_chosen_after_lateness() -> None:
    assert (
        85.0
        == mark_of(
            [Attempt(85, DUE), Attempt(90, DUE + timedelta(hours=1))], Attempts(keep="best")
        ).score
    )


def test_what_comes_after_the_cutoff_does_not_replace_what_came_before() -> None:
    late = Late(cutoff_days=1)
    tried = [Attempt(80, DUE), Attempt(10, DUE + timedelta(days=2))]
    mark = policies.challenge_mark(tried, HUNDRED, late, Attempts(), DUE)
    assert 80.0 == mark.score
    assert any("nothing counts that is more than 1 day late" in step.why for step in mark.steps)


def test_nothing_handed_in_is_0_with_a_reason() -> None:
    assert ["attempts 0: nothing was handed in that counts"] == policies.lines(
        mark_of([], Attempts())
    )


@pytest.mark.parametrize("keep", ["best", "average"])
def test_a_judge_error_is_no_mark(keep: str) -> None:
    assert mark_of(attempts(50, None, 70), Attempts(keep=keep)).score is None
    assert 70.0 == mark_of(attempts(50, None, 70), Attempts()).score
    assert mark_of(attempts(None, late_by=timedelta(days=1)), Attempts()).score is None


def test_an_extension_is_used_only_where_it_helps() -> None:
    week = DUE + timedelta(days=7)
    late = Late(cutoff_days=0)
    worse = [Attempt(80, DUE), Attempt(10, DUE + timedelta(days=2))]
    mark = policies.challenge_mark(worse, HUNDRED, late, Attempts(), DUE, week)
    assert 80.0 == mark.score
    assert "by the own due time, 2026-12-07 23:59, it would be 10" == mark.steps[-1].why
    better = [Attempt(80, DUE), Attempt(90, DUE + timedelta(days=2))]
    assert 90.0 == policies.challenge_mark(better, HUNDRED, late, Attempts(), DUE, week).score


# --- challenges -------------------------------------------------------------------------------


def total_of(drop: Drop | None, **scores: float | None) -> Mark:
    return policies.total({k: policies.full_mark(v, HUNDRED) for k, v in scores.items()}, drop)


@pytest.mark.parametrize(
    ("drop", "expected"),
    [(None, 180.0), (Drop(lowest=1), 150.0), (Drop(best=1), 80.0), (Drop(lowest=2), 80.0)],
)
def test_the_lowest_are_dropped(drop: Drop | None, expected: float) -> None:
    assert expected == total_of(drop, a=30, b=80, c=70).score


def test_of_equal_ones_the_later_is_dropped() -> None:
    (step,) = (s for s in total_of(Drop(lowest=1), a=5, b=5, c=9).steps if s.what == "drop")
    assert "b" == step.about


def test_there_is_no_total_while_a_mark_is_missing() -> None:
    mark = total_of(Drop(lowest=1), a=5, b=None)
    assert mark.score is None
    assert "no mark yet for b" == mark.steps[-1].why


def test_tenths_stay_tenths() -> None:
    assert 0.3 == total_of(None, a=0.1, b=0.2).score
    weighted = policies.weighted(policies.full_mark(0.1, HUNDRED), policies.exact(3.0))
    assert Fraction(3, 10) == weighted.value


def test_a_mark_can_be_read() -> None:
    worth = Worth(Fraction(100), Fraction(10))
    late = Late(kind="per_day", deduct="10%", cap="50%", cutoff_days=7)
    tried = [Attempt(90, DUE), Attempt(100, DUE + timedelta(days=1, hours=2))]
    mark = policies.challenge_mark(tried, worth, late, Attempts(keep="best"), DUE)
    assert [
        "sgd, attempt 1: score 90: of 100",
        "sgd, attempt 1: points 90 -> 9: of 100 become 10 in this assignment",
        "sgd, attempt 2: score 100: of 100",
        "sgd, attempt 2: points 100 -> 10: of 100 become 10 in this assignment",
        "sgd, attempt 2: late 10 -> 8: 1 d 2 h after the due time, 2026-11-30 23:59: "
        "2 started days, 10% of the points for each",
        "sgd: attempts 8 -> 9: the best of 2 that count",
        "sgd: weight 9 -> 18: 2 times",
        "total 18 -> 18: sum of 1 challenge",
    ] == policies.lines(policies.total({"sgd": policies.weighted(mark, Fraction(2))}))


# --- what always holds ------------------------------------------------------------------------

SHARES = st.integers(0, 1000).map(lambda tenths: f"{tenths / 10:.1f}%")
GRACES = st.sampled_from([0, 5, 60, 24 * 60])
CUTOFFS = st.none() | st.integers(0, 10)
STEPS = st.lists(st.tuples(st.integers(0, 240), st.integers(0, 100)), min_size=1, max_size=4).map(
    lambda pairs: tuple(
        LateStep(after_hours=hours, deduct=f"{percent}%")
        for hours, percent in zip(
            sorted({h for h, _ in pairs}), sorted(p for _, p in pairs), strict=False
        )
    )
)
COMMON = {
    "of": st.sampled_from(["max", "score"]),
    "grace_minutes": GRACES,
    "cutoff_days": CUTOFFS,
}
LATES = st.one_of(
    st.builds(Late, kind=st.just("none"), grace_minutes=GRACES, cutoff_days=CUTOFFS),
    st.builds(
        Late,
        kind=st.sampled_from(["per_day", "per_hour"]),
        deduct=SHARES,
        cap=st.none() | SHARES,
        count=st.sampled_from(["started", "full"]),
        **COMMON,
    ),
    st.builds(Late, kind=st.just("steps"), steps=STEPS, cap=st.none() | SHARES, **COMMON),
)
# Around both changes of the clock, and where a change falls into the days after.
DUES = st.sampled_from(
    [
        DUE,
        datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN),
        datetime(2026, 10, 24, 2, 30, tzinfo=BERLIN),
        datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=BERLIN),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN),
        datetime(2011, 12, 29, 12, 0, tzinfo=ZoneInfo("Pacific/Apia")),  # no 30th followed
    ]
)
SPANS = st.integers(-3 * 86400, 14 * 86400).map(lambda seconds: timedelta(seconds=seconds))
SCORES = st.integers(0, 1000).map(lambda tenths: tenths / 10)
KEEPS = st.builds(
    Attempts,
    max=st.none() | st.integers(1, 4),
    keep=st.sampled_from(["latest", "best", "average"]),
)
TRIES = st.lists(st.tuples(SCORES, SPANS), max_size=5)


@given(LATES, SCORES, SPANS, DUES)
def test_lateness_never_raises_a_mark_nor_takes_it_below_0(late, score, by, due) -> None:
    value = late_mark(late, score, by, due).value
    assert 0 <= value <= policies.exact(score)


@given(LATES, SCORES, SPANS, SPANS, DUES)
def test_a_later_hand_in_is_never_worth_more(late, score, one, other, due) -> None:
    earlier, later = sorted([one, other])
    assert late_mark(late, score, later, due).value <= late_mark(late, score, earlier, due).value


@given(LATES, SCORES, SPANS, DUES)
def test_who_is_on_time_loses_nothing_and_has_nothing_to_read(late, score, by, due) -> None:
    assume(by <= timedelta(0))
    assert policies.full_mark(score, HUNDRED) == late_mark(late, score, by, due)


@given(LATES, KEEPS, TRIES, SPANS, DUES)
def test_an_extension_never_hurts(late, keep, tries, by, due) -> None:
    tried = [Attempt(score, due.astimezone(UTC) + span) for score, span in tries]
    extended = due.astimezone(UTC) + by
    usual = policies.challenge_mark(tried, HUNDRED, late, keep, due)
    with_it = policies.challenge_mark(tried, HUNDRED, late, keep, due, extended)
    assert usual.value <= with_it.value <= max([policies.exact(s) for s, _ in tries], default=0)


@given(LATES, KEEPS, st.lists(TRIES, min_size=1, max_size=4), DUES, st.data())
def test_the_steps_come_in_order_and_end_at_the_mark(late, keep, classes, due, data) -> None:
    drop = data.draw(st.none() | st.builds(Drop, best=st.integers(1, len(classes))))
    marks = {}
    for number, tries in enumerate(classes):
        tried = [Attempt(score, due.astimezone(UTC) + span) for score, span in tries]
        mark = policies.challenge_mark(tried, Worth(Fraction(100), Fraction(7)), late, keep, due)
        assert mark.value == mark.steps[-1].after
        marks[f"c{number}"] = policies.weighted(mark, Fraction(3, 2))
    mark = policies.total(marks, drop)
    assert mark.value == mark.steps[-1].after
    assert 0 <= mark.value <= sum(each.value for each in marks.values())
    for about in {step.about for step in mark.steps}:
        ranks = [policies.ORDER.index(step.what) for step in mark.steps if step.about == about]
        assert sorted(ranks) == ranks
        chain = [step for step in mark.steps if step.about == about and "attempt" in about]
        for one, next_one in itertools.pairwise(chain):
            assert one.after == next_one.before


@given(st.lists(SCORES, min_size=2, max_size=5), st.integers(1, 4))
def test_dropping_leaves_the_highest(scores: list[float], lowest: int) -> None:
    assume(lowest < len(scores))
    given_scores = {f"c{i}": score for i, score in enumerate(scores)}
    highest = sorted(map(policies.exact, scores), reverse=True)[: len(scores) - lowest]
    assert sum(highest) == total_of(Drop(lowest=lowest), **given_scores).value
