"""The roster: which columns are known, whom it finds, what it refuses."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.intake import roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,HW1 (12345)
,,,,,Manual Posting
    Points Possible,,,,,100.00
"Lovelace, Ada",501,S001,ada,DL101,87.5
"=""=cmd\"\"\",502,S002,eve,DL101,
"""
MOODLE = """\
Identifier,"Full name","Email address",Status
"Participant 2","Ada Lovelace",ada@example.test,Graded
"""
BRIGHTSPACE = "OrgDefinedId,Username,Last Name,First Name\n#S001,#ada,Lovelace,Ada\n"
OWN = "Key;Extension_Hours;Due;Section\nada;1.5;2026-11-30T23:59+00:00;A\nbob;;;\n"


@pytest.mark.parametrize(
    ("text", "platform", "key", "name"),
    [
        (CANVAS, "canvas", "501", "Lovelace, Ada"),
        (CANVAS, "canvas", "502", "=cmd"),
        (CANVAS, "gradescope", "S001", "Lovelace, Ada"),
        (CANVAS, "blackboard", "ADA", "Lovelace, Ada"),
        (MOODLE, "moodle", "2", "Ada Lovelace"),
        (MOODLE, "gradescope", "Ada@Example.test", "Ada Lovelace"),
        (BRIGHTSPACE, "brightspace", "S001", "Ada Lovelace"),
        (BRIGHTSPACE, "folders", "ada", "Ada Lovelace"),
    ],
)
def test_the_platforms_own_exports_are_rosters(
    text: str, platform: str, key: str, name: str
) -> None:
    found = roster.parse(text.encode()).find(platform, key)
    assert found is not None
    assert name == found.name


def test_a_key_of_one_platform_is_none_of_another() -> None:
    assert roster.parse(CANVAS.encode()).find("moodle", "501") is None
    assert roster.parse(MOODLE.encode()).find("canvas", "2") is None


def test_extensions_and_sections() -> None:
    found = roster.parse(OWN.encode()).find("canvas", "ada")
    assert found is not None
    assert (1.5, datetime(2026, 11, 30, 23, 59, tzinfo=UTC), "A") == (
        *(found.extension_hours, found.due),
        found.section,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f"key{delimiter}name\r\né{delimiter}Zoë\r\n"
    found = roster.parse(text.encode(encoding)).find("files", "é")
    assert found is not None
    assert "Zoë" == found.name


WRONG = {
    "twice": ("id,email\n1,a@x\n2,b@x\n1,c@x\n", "lines 2 and 4 of the roster have the same"),
    "case": ("id,email\n1,A@x\n2,a@x\n", "lines 2 and 3 of the roster have the same email 'a@x'"),
    "both": ("id,email\n1,a@x\n1,a@x\n", "and 1 more such keys"),
    "no header": ("1,Ada\n2,Bob\n", "line 1 of the roster names no key"),
    "empty": ("", "names no key"),
    "columns": ("id,canvas id\n1,1\n", "two columns for canvas"),
    "no key": ("id,name\n,Ada\n", "line 2 of the roster has no key"),
    "too many": ("id,name\n1,Lovelace, Ada\n", "line 2 of the roster has 3 cells, the header 2"),
    "hours": ('id,extension_hours\n1,"1,5"\n', "extension_hours is '1,5'"),
    "infinite": ("id,extension_hours\n1,inf\n", "extension_hours is 'inf'"),
    "due": ("id,due\n1,tomorrow\n", "due is 'tomorrow'"),
    "quotes": ('id,name\n1,"Ada\n', "is no CSV"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_by_its_line(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        roster.parse(text.encode())


def test_what_is_no_text() -> None:
    with pytest.raises(UsageError, match="line 2 of the roster is not UTF-8"):
        roster.parse(b"id,name\n1,\xff\n")


def test_a_file_too_large_to_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "MAX_BYTES", 10)
    (tmp_path / "r.csv").write_text("id,name\n1,Ada\n")
    with pytest.raises(UsageError, match="is it another file"):
        roster.read(tmp_path / "r.csv")


def test_a_roster_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        roster.read(tmp_path / "none.csv")
