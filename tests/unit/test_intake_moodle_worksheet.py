"""Moodle's worksheet as a roster: in which language, who was late, and when they handed in."""

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.intake import Enrolment, Entry, moodle_worksheet, roster, take
from grader.intake.moodle_worksheet import LANGUAGES, Words

ENGLISH = LANGUAGES[0]
ON_TIME = "Submitted for grading"
LATE = "Submitted for grading - 1 day 1 hour late -  - "
EXTENDED = "Submitted for grading - Extension granted until: Monday, 30 November 2026, 11:59 PM"
ROWS = {
    "2": (ON_TIME, "Monday, 23 November 2026, 4:57 PM"),
    "3": (LATE, "Tuesday, 24 November 2026, 12:05 AM"),
    "4": (EXTENDED, "Monday, 30 November 2026, 6:00 PM"),
    "5": ("No submission - Assignment is overdue by: 3 days", "-"),
}


def worksheet(words: Words = ENGLISH, *, extra: str = "", rows: dict[str, tuple[str, str]]) -> str:
    """Return a worksheet's text; `extra` is one more header, and a cell of "x" below it."""
    head = [words.identifier, words.name, words.status, *([extra] if extra else []), words.grade,
            words.submitted_at, words.graded_at]  # fmt: skip
    lines = [",".join(f'"{title}"' for title in head)]
    for number, (status, at) in rows.items():
        cells = [f"Participant {number}", "Ada", status, *(["x"] if extra else []), "", at, "-"]
        lines.append(",".join(f'"{cell}"' for cell in cells))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("words", LANGUAGES, ids=lambda words: words.language)
def test_every_language_is_known_by_its_header_alone(words: Words) -> None:
    found = moodle_worksheet.columns([*words[1:11], "Extra", *words[13:]])
    assert found is not None
    assert words is found.words
    assert (0, 1, 2, 3) == (found.identifier, found.graded_at, found.grade, found.maximum)
    said = words.late.format("1 day")
    assert moodle_worksheet.is_late(f"{words.submitted} - {said}", words) is True
    assert moodle_worksheet.is_late(words.submitted, words) is False
    assert moodle_worksheet.is_late("", words) is None


@pytest.mark.parametrize(
    "header",
    [
        [],
        ["Identifier", "Grade"],
        ["Identifier", "Grade", "Grade", "Last modified (grade)"],
        ["Identifikator", "Grade", "Last modified (grade)"],
    ],
)
def test_what_moodle_would_not_read_is_no_worksheet(header: list[str]) -> None:
    assert moodle_worksheet.columns(header) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.booleans(), st.booleans())
def test_times_as_english_servers_write_them(moment: datetime, half: bool, day_first: bool) -> None:
    moment = moment.replace(second=0, microsecond=0)
    month = f"{moment:%B}"
    date = (
        f"{moment.day} {month} {moment.year}"
        if day_first
        else f"{month} {moment.day}, {moment.year}"
    )
    clock = f"{(moment.hour - 1) % 12 + 1}:{moment:%M}\u202f{'AM' if moment.hour < 12 else 'PM'}"
    text = f"{moment:%A}, {date}, {clock if half else f'{moment:%H:%M}'}"
    assert moment == moodle_worksheet.moment(text)


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "Montag, 23. November 2026, 16:57",
        "Monday, 31 November 2026, 4:57 PM",
        "Monday, 23 Noviembre 2026, 4:57 PM",
        "Monday, 23 November 2026, 13:57 PM",
        "Monday, 23 November 2026, 24:00",
    ],
)
def test_what_is_no_such_time_is_not_known(text: str) -> None:
    assert moodle_worksheet.moment(text) is None


def test_the_worksheet_says_who_was_late_and_who_has_more_time() -> None:
    found = roster.parse(worksheet(rows=ROWS).encode("utf-8-sig"))
    people = {person.keys["moodle"]: person for person in found.people}
    assert {"2": False, "3": True, "4": False, "5": None} == {
        number: person.late for number, person in people.items()
    }
    assert [datetime(2026, 11, 23, 16, 57), datetime(2026, 11, 24, 0, 5)] == [
        people[number].local_time for number in "23"
    ]
    assert (None, None) == (people["5"].local_time, people["2"].due)
    assert datetime(2026, 11, 30, 23, 59) == people["4"].due


def test_an_override_that_is_no_date_is_none_and_one_that_is_counts() -> None:
    text = worksheet(extra="Due date", rows=ROWS)
    assert [None] == [each.due for each in roster.parse(text.encode()).people[:1]]
    dated = text.replace('"x"', '"Friday, 4 December 2026, 11:59 PM"')
    assert {datetime(2026, 12, 4, 23, 59)} == {
        each.due for each in roster.parse(dated.encode()).people
    }


def test_the_identifier_of_another_language_is_not_canvas_id() -> None:
    german = next(words for words in LANGUAGES if words.language == "German")
    found = roster.parse(
        worksheet(german, rows=ROWS).replace("Participant ", "Teilnehmer/in").encode()
    )
    assert found.find("canvas", "2") is None
    person = found.find("moodle", "2")
    assert person is not None
    assert "Ada" == person.name


def test_a_worksheet_of_teams_is_refused() -> None:
    text = worksheet(extra="Group", rows=ROWS)
    with pytest.raises(UsageError, match=r"in teams: its rows are people.*leave --roster out"):
        roster.parse(text.encode())


# --- In an import --------------------------------------------------------------------------------


def download(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for number, content in files.items():
            archive.writestr(f"Ada_{number[1:]}_assignsubmission_file/a.py", content)
    return path


def by_key(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    return {entry.key: entry for entry in entries}


def test_an_import_learns_who_was_late_and_keeps_it(tmp_path: Path) -> None:
    source = download(tmp_path / "hw.zip", p2=b"x = 1\n", p3=b"x = 2\n", p4=b"x = 3\n")
    (tmp_path / "grades.csv").write_text(worksheet(rows=ROWS), encoding="utf-8-sig")
    zone = ZoneInfo("Europe/Berlin")
    taken = take(source, tmp_path / "work", roster=tmp_path / "grades.csv", zone=zone)
    entries = by_key(taken.intake.entries)
    assert {"2": False, "3": True, "4": False} == {key: e.late for key, e in entries.items()}
    assert datetime(2026, 11, 23, 16, 57) == entries["2"].local_time
    at = entries["2"].submitted_at
    assert at is not None
    assert datetime(2026, 11, 23, 15, 57, tzinfo=UTC) == at
    assert timedelta(hours=1) == at.utcoffset()
    assert Enrolment(due=datetime(2026, 11, 30, 23, 59)) == entries["4"].enrolled
    assert ("Participant 5",) == tuple(f"Participant {each}" for each in taken.intake.missing)
    again = take(source, tmp_path / "work")
    assert taken.intake.entries == again.intake.entries


def test_a_worksheet_speaks_of_the_attempt_that_it_came_with(tmp_path: Path) -> None:
    work = tmp_path / "work"
    sheet = tmp_path / "grades.csv"
    for content, status in ((b"x = 1\n", ON_TIME), (b"x = 2\n", LATE)):
        sheet.write_text(worksheet(rows={"2": (status, "-")}), encoding="utf-8-sig")
        taken = take(download(tmp_path / "hw.zip", p2=content), work, roster=sheet)
    assert [False, True] == [entry.late for entry in taken.intake.entries]
