"""From Moodle and back: its download graded, its worksheet filled in, nothing else touched."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.lms.sheet import Sheet

Grader = Callable[..., Any]

EVE = "=cmd C calc!A0 Eve"
HEADER = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"'
)
SUBMITTED = '"Submitted for grading'
ROWS = f"""
"Participant 2","Ada Lovelace",ada@example.test,{SUBMITTED} - 1 day 1 hour late -  - ",,100.00,\
Yes,"Monday, 23 November 2026, 4:57 PM",-,
"Participant 4","=cmd|' /C calc'!A0 Eve",eve@example.test,{SUBMITTED}",,100.00,\
Yes,"Sunday, 22 November 2026, 3:00 PM",-,
"Participant 6","Sam ""<b>"" Lee",sam@example.test,{SUBMITTED}",30.00,100.00,\
Yes,"Sunday, 22 November 2026, 3:01 PM","Monday, 23 November 2026, 9:00 AM","<p>By hand.</p>"
"Participant 8",Absent,no@example.test,"No submission - ",,100.00,\
Yes,-,-,
"""
WORKSHEET = f"\ufeff{HEADER}{ROWS}".encode()
WRONG = b"""\
def sgdWithMomentum(data, lr, beta, epochs):
    print("<script>alert(1)</script>")
    return 0.0
"""
ASSIGNMENT = """
title = "Week 1"
timezone = "Europe/Berlin"
due = 2026-11-22T15:57:00
late = { kind = "per_day", deduct = "10%" }
[[challenges]]
id = "sgdWithMomentum"
"""


class Place:
    """Moodle's download and its worksheet, and what becomes of them."""

    def __init__(self, folder: Path, grader: Grader, right: bytes) -> None:
        self.folder, self.grader, self.out = folder, grader, folder / "out"
        self.worksheet = folder / "worksheet.csv"
        self.worksheet.write_bytes(WORKSHEET)
        with zipfile.ZipFile(folder / "DL101-HW1-7.zip", "w") as archive:
            archive.writestr("Ada Lovelace_2_assignsubmission_file/solution.py", right)
            archive.writestr(f"{EVE}_4_assignsubmission_file/solution.py", WRONG)
            archive.writestr("Sam b Lee_6_assignsubmission_file/solution.py", b"def x(:\n")

    def grade(self) -> None:
        work = self.folder / "work"
        download = self.folder / "DL101-HW1-7.zip"
        ran = self.grader("import", download, "--out", work, "--roster", self.worksheet)
        assert 0 == ran.code, ran.err
        assert ["late", "1", "1"] == next(
            row.split() for row in ran.out.splitlines() if row.strip().startswith("late")
        )
        (self.folder / "a.toml").write_text(ASSIGNMENT)
        ran = self.grader("batch", self.folder / "a.toml", work, "--out", self.out)
        assert 0 == ran.code, ran.err

    def export(self, form: str, *more: str | Path) -> Any:
        return self.grader("export", self.out, "--to", form, *more)


@pytest.fixture
def place(tmp_path: Path, grader: Grader, right: bytes) -> Place:
    made = Place(tmp_path, grader, right)
    made.grade()
    return made


def test_the_worksheet_comes_back_with_grades_and_feedback_and_nothing_else(place: Place) -> None:
    out = place.folder / "back.csv"
    template = ("--template", place.worksheet)
    ran = place.export("moodle-worksheet", *template, "-o", out)
    assert 0 == ran.code, ran.err
    data = out.read_bytes()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    # Ada was a day and an hour late: two days begun, of which each costs ten points.
    assert ["80", "0", "0", ""] == [row[4] for row in rows[1:]]
    assert rows[1][9].startswith("<p>")
    assert "<script>" not in data.decode()
    before, after = Sheet.read(WORKSHEET), Sheet.read(data)
    differing = {
        (row, column)
        for row in range(len(before))
        for column in range(before.width(row))
        if before.rows[row].cells[column] != after.rows[row].cells[column]
    }
    assert {(row, column) for row in (1, 2, 3) for column in (4, 9)} == differing
    for row, column in differing:
        after.set(row, column, before.get(row, column))
    # Quotes and line ends of all that was not set are those of Moodle, to the byte.
    assert before.values(3) == after.values(3)
    assert WORKSHEET == after.to_bytes().replace(b"<p>By hand.</p>", b'"<p>By hand.</p>"')
    again = place.export("moodle-worksheet", "--template", out, "-o", out)
    assert (0, data) == (again.code, out.read_bytes())
    missing = place.export("moodle-worksheet", *template, "--missing", "zero", "-o", out)
    assert 0 == missing.code
    assert b'no@example.test,"No submission - ",0,100.00' in out.read_bytes()


def test_the_reports_come_back_by_number_and_without_what_is_hidden(place: Place) -> None:
    out = place.folder / "feedback.zip"
    ran = place.export("moodle-feedback-zip", "--template", place.worksheet, "-o", out)
    assert 0 == ran.code, ran.err
    with zipfile.ZipFile(out) as archive:
        assert [2, 4, 6] == [int(name.split("_")[1]) for name in archive.namelist()]
        pages = [archive.read(name).decode() for name in archive.namelist()]
    assert all("<html" in page for page in pages)
    assert not any(re.search("<script|Ada Lovelace|=cmd", page) for page in pages)
    first = out.read_bytes()
    place.export("moodle-feedback-zip", "-o", out)
    assert first == out.read_bytes()


def test_the_gradebook_is_not_for_a_download_of_an_assignment(place: Place) -> None:
    ran = place.export("moodle-gradebook", "-o", place.folder / "g.csv")
    assert (2, "") == (ran.code, ran.out)
    assert "export --to moodle-worksheet" in ran.err
    assert not (place.folder / "g.csv").exists()


def test_moodles_download_taken_twice_grades_the_same(place: Place) -> None:
    first = (place.out / "marks.csv").read_bytes()
    place.grade()
    assert first == (place.out / "marks.csv").read_bytes()
