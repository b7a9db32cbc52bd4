"""Who of a class has handed in: found by key or by what a folder is called, never by name."""

from datetime import datetime

import pytest

from grader.intake import Entry, Intake, Source, roster
from grader.intake.attendance import Attendance
from grader.intake.manifest import Absent, Enrolment, from_json, to_json

CLASS = "id,sid,name,extension_hours\n501,s1,Ada,\n502,s2,Bob,24\n503,s3,Ada,1.5\n"


def entry(key: str, platform: str = "canvas") -> Entry:
    return Entry(
        id=f"{platform}{key}", platform=platform, key=key, name=None, team=(), attempt=1,
        order="", late=None, submitted_at=None, local_time=None, files=(),
    )  # fmt: skip


def held(*keys: str, platform: str = "canvas") -> Intake:
    entries = tuple(entry(key, platform) for key in keys)
    return Intake(source=Source("x", platform, ""), entries=entries)


def missing(attendance: Attendance) -> list[tuple[str, str, float]]:
    return [
        (each.platform, each.key, each.about["extension_hours"]) for each in attendance.missing()
    ]


def test_a_download_is_looked_up_by_the_platforms_key() -> None:
    attendance = Attendance(roster.parsed(CLASS))
    intake = attendance.intake(held("501", "504"))
    assert [Enrolment(), None] == [each.enrolled for each in intake.entries]
    assert [("canvas", "502", 24.0), ("canvas", "503", 1.5)] == missing(attendance)
    assert ["504"] == attendance.strangers


def test_a_missing_one_is_called_as_the_platform_calls_them() -> None:
    attendance = Attendance(roster.parsed(CLASS))
    attendance.intake(held("s1", platform="gradescope"))
    assert [("gradescope", "s2", 24.0), ("gradescope", "s3", 1.5)] == missing(attendance)


def test_what_came_by_two_ways_is_one_class() -> None:
    attendance = Attendance(roster.parsed(CLASS))
    attendance.intake(held("501"))
    assert 24.0 == attendance.plain("mon/502.py")["extension_hours"]
    assert [("canvas", "503", 1.5)] == missing(attendance)


@pytest.mark.parametrize("name", ["501", "501.py", "mon/501", "501/a.py", "mon/501.mjs"])
def test_a_folder_or_a_file_is_its_students_by_what_it_is_called(name: str) -> None:
    attendance = Attendance(roster.parsed(CLASS))
    assert attendance.plain(name)
    assert ["502", "503"] == [key for _, key, _ in missing(attendance)]


@pytest.mark.parametrize("name", ["Ada", "ada.py", "501/502.py", "5011", ""])
def test_a_name_in_which_nobody_or_two_are_named_is_nobodys(name: str) -> None:
    attendance = Attendance(roster.parsed(CLASS))
    assert {} == attendance.plain(name)
    assert ([name], 3) == (attendance.strangers, len(attendance.missing()))


def test_without_a_roster_what_the_import_noted_counts() -> None:
    imported = Attendance(roster.parsed(CLASS)).intake(held("501"))
    again = from_json(to_json(imported))
    due = datetime.fromisoformat("2026-12-01T12:00")
    later = Intake(source=again.source, absent=(Absent("9", "Nine", Enrolment("", 0.0, due)),))
    attendance = Attendance()
    attendance.intake(again)
    attendance.intake(later)
    attendance.intake(held("503"))
    assert {} == attendance.plain("anything")
    first, second = attendance.missing()
    assert ("502", 24.0) == (first.key, first.about["extension_hours"])
    assert ("9", "Nine", "2026-12-01T12:00:00") == (
        second.key, second.about["display"], second.about["due"]
    )  # fmt: skip
    assert [] == attendance.strangers
