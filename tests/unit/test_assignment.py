"""An assignment.toml: what it declares, what is refused and how, and when things open."""

import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader import assignment, policies
from grader.assignment import Assignment
from grader.errors import UsageError
from grader.policies import Attempts, Drop, Worth, exact
from grader.verdict import Visibility

BERLIN = ZoneInfo("Europe/Berlin")
WHOLE = """\
title = "Optimisers"
timezone = "Europe/Berlin"
due = 2026-11-30T23:59:00
published = 2026-12-07T12:00:00

[late]
kind = "per_day"
deduct = "10%"
grace_minutes = 10
cutoff_days = 2

[attempts]
max = 5
keep = "best"

[drop]
lowest = 1

[[challenges]]
id = "sgdWithMomentum"
points = 50
weight = 2

[[challenges]]
id = "adamW"
"""
BASE = (
    'title = "x"\ntimezone = "Europe/Berlin"\ndue = {due}\n{more}\n[[challenges]]\nid = "adamW"\n'
)


@pytest.fixture
def written(tmp_path: Path):
    """Load an assignment.toml with this text."""

    def load(text: str | bytes) -> Assignment:
        path = tmp_path / "assignment.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return assignment.load(path)

    return load


def base(due: str = "2026-11-30T23:59:00", more: str = "") -> str:
    return BASE.format(due=due, more=more)


# --- what is declared -------------------------------------------------------------------------


def test_everything_can_be_declared(written) -> None:
    loaded = written(WHOLE)
    assert datetime(2026, 11, 30, 22, 59, tzinfo=UTC) == loaded.due
    assert datetime(2026, 12, 7, 11, 0, tzinfo=UTC) == loaded.published
    assert Attempts(max=5, keep="best") == loaded.attempts
    assert Drop(lowest=1) == loaded.drop
    assert ["sgdWithMomentum", "adamW"] == [part.id for part in loaded.challenges]
    assert "10%" == f"{float(loaded.late.deduct):.0%}"


def test_little_has_to_be_declared_and_an_editors_marks_do_no_harm(written) -> None:
    loaded = written(b"\xef\xbb\xbf" + base().replace("\n", "\r\n").encode())
    assert (1.0, None) == (loaded.challenges[0].weight, loaded.challenges[0].points)
    assert "none" == loaded.late.kind


@pytest.mark.parametrize(
    ("due", "utc_hour"),
    [
        ("2026-10-25T02:30:00", "01:30"),  # shown twice: the second
        ("2026-10-25T02:30:00+02:00", "00:30"),  # the first, by its offset
        ("2026-10-25T02:30:00+01:00", "01:30"),
    ],
)
def test_a_time_that_clocks_show_twice(written, due: str, utc_hour: str) -> None:
    assert utc_hour == f"{written(base(due)).due.astimezone(UTC):%H:%M}"


# --- what is refused, in one line that names file and key --------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (base("2026-11-30T23:59"), "(at line 3, column 17): 'due = 2026-11-30T23:59'; write the s"),
        (base("2026-11-30"), "due: expected a date and a time, 2026-11-30T23:59:00, without quo"),
        (base('"2026-11-30T23:59:00"'), "without quotes; got '2026-11-30T23:59:00'"),
        (base("2026-03-29T02:30:00"), "due: there is no 2026-03-29T02:30:00 in Europe/Berlin"),
        (base("2026-10-25T02:30:00+05:00"), "due: 2026-10-25T02:30:00+05:00 is not an offset"),
        (base("2026-11-30T23:59:00Z"), "write 2026-12-01T00:59:00+01:00, or leave the offset out"),
        (base("0026-10-25T02:30:00"), "due: the year 26 is a slip"),
        (base(more="published = 2026-11-01T00:00:00"), "`published` is before `due`"),
        (base(more="dew = 1"), "dew: is no key here; there are title, timezone, due"),
        (base(more='[late]\nkind = "per_dya"'), "late.kind: input should be 'none', 'per_day'"),
        (base(more='[late]\nkind = "per_day"\ndeduct = 10'), "late.deduct: expected a percentage"),
        (base(more="[late]\ncutoff = 3"), "late.cutoff: is no key here; there are kind, deduct"),
        (base(more='[attempts]\nmax = "3"'), "attempts.max: input should be a valid integer"),
        (base(more="[attempts]\nmax = true"), "attempts.max: input should be a valid integer"),
        (base(more="[drop]\nlowest = 1"), "must leave out some of the 1 challenges and not all"),
        (base() + 'weight = "2"', "challenges[1].weight: input should be a valid number, got '2'"),
        (base() + "weight = 0", "challenges[1].weight: input should be greater than 0"),
        (base() + "weight = nan", "challenges[1].weight: "),
        (base() + '[[challenges]]\nid = "adamW"', "challenge 'adamW' is declared twice"),
        (base() + "[[challenges]]\nweight = 1", "challenges[2].id: is missing"),
        (base().replace("Berlin", "Berln"), "timezone: expected an IANA time zone, got 'Europe/Be"),
        (base().replace("Europe/Berlin", "../x"), "timezone: expected an IANA time zone"),
        ("", "title: is missing; timezone: is missing; due: is missing; challenges: is missing"),
        ("x = [", "no TOML"),
        (b"title = 'x'\n# caf\xe9\n", "line 2 is not UTF-8"),
    ],
)
def test_what_is_wrong_is_named(written, text: str | bytes, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        written(text)
    said = str(caught.value)
    assert message in said
    assert "assignment.toml: " in said
    assert "\n" not in said


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(UsageError, match=f"cannot read {path}"):
            assignment.load(path)
    (tmp_path / "long.toml").write_bytes(b"#" * (assignment.MAX_BYTES + 1))
    with pytest.raises(UsageError, match=r"is no assignment\.toml"):
        assignment.load(tmp_path / "long.toml")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_but_a_usage_error_comes_of_any_file(written, data: bytes) -> None:
    for text in (data, base().encode() + data):
        with contextlib.suppress(UsageError):
            written(text)


# --- totals -----------------------------------------------------------------------------------


def test_a_total_is_of_points_times_weights(written) -> None:
    loaded = written(WHOLE)
    worth = assignment.worths(loaded, {"sgdWithMomentum": 30.0, "adamW": 100.0})
    assert Worth(exact(30.0), exact(50)) == worth["sgdWithMomentum"]
    marks = {
        "sgdWithMomentum": policies.full_mark(10.0, worth["sgdWithMomentum"]),
        "adamW": policies.full_mark(20.0, worth["adamW"]),
    }
    assert 33.333333 == assignment.total(loaded, marks).score
    assert 100 == assignment.max_total(loaded, worth)


def test_what_is_dropped_must_be_worth_the_same(written) -> None:
    with pytest.raises(UsageError, match="sgdWithMomentum is worth 100 and adamW 60"):
        assignment.worths(written(WHOLE), {"sgdWithMomentum": 30.0, "adamW": 60.0})


# --- when things open -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-30 23:59", {"visible"}),
        ("2026-12-01 00:10", {"visible"}),
        ("2026-12-02 23:59", {"visible"}),
        ("2026-12-03 00:00", {"visible", "after_due_date"}),
        ("2026-12-07 12:00", {"visible", "after_due_date", "after_published"}),
    ],
)
def test_nothing_opens_while_a_hand_in_counts(written, now: str, expected: set[str]) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    assert set(map(Visibility, expected)) == assignment.open_visibilities(written(WHOLE), moment)


def test_an_extension_keeps_it_shut(written) -> None:
    loaded = written(base())
    after = loaded.due + timedelta(days=1)
    assert Visibility.AFTER_DUE_DATE in assignment.open_visibilities(loaded, after)
    extended = [loaded.due + timedelta(days=3)]
    assert {Visibility.VISIBLE} == assignment.open_visibilities(loaded, after, extended)


def test_what_is_published_waits_for_the_last_extension(written) -> None:
    loaded = written(base(more="published = 2026-12-07T12:00:00"))
    after = loaded.due + timedelta(days=8)
    extended = [loaded.due + timedelta(days=9)]
    assert Visibility.AFTER_PUBLISHED in assignment.open_visibilities(loaded, after)
    assert {Visibility.VISIBLE} == assignment.open_visibilities(loaded, after, extended)


def test_what_is_never_published_never_opens_and_hidden_stays_hidden(written) -> None:
    opened = assignment.open_visibilities(written(base()), datetime(2199, 1, 1, tzinfo=UTC))
    assert {Visibility.VISIBLE, Visibility.AFTER_DUE_DATE} == opened


# --- extensions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2 days", "2026-12-02T23:59:00+01:00"),
        ("+1d", "2026-12-01T23:59:00+01:00"),
        ("36 h", "2026-12-02T11:59:00+01:00"),
        ("2026-12-05 12:00", "2026-12-05T12:00:00+01:00"),
        ("2026-12-05T12:00:00Z", "2026-12-05T13:00:00+01:00"),
        ("2027-03-28 02:30", "2027-03-28T03:30:00+02:00"),
    ],
)
def test_extensions_are_read_from_the_roster(written, cell: str, expected: str) -> None:
    assert expected == assignment.extended_due(written(base()), cell).isoformat()


def test_no_extension_is_none(written) -> None:
    assert assignment.extended_due(written(base()), " ") is None


@pytest.mark.parametrize("cell", ["2026-12-05", "soon", "-1 day", "2 weeks", "=1+1", "٢ days"])
def test_an_extension_that_cannot_be_read_is_refused(written, cell: str) -> None:
    with pytest.raises(UsageError, match="expected '2 days', '36 h' or a time such as"):
        assignment.extended_due(written(base()), cell)
