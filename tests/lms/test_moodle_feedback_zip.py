"""Moodle's feedback files: each report where Moodle looks for it, and no name of anybody's."""

import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lms.exporting import Asked, Exported
from grader.lms.grades import Grade
from grader.lms.moodle_feedback_zip import export

GOLDEN = Path(__file__).parent / "golden" / "moodle"


def grade(key: str, name: str | None = None, *, platform: str = "moodle", why: str = "") -> Grade:
    return Grade(platform, key, name, (), Fraction(1), Fraction(1), None, None, (), why=why)


def page(grade: Grade) -> str:
    return f"<p>{grade.key}</p>"


def files(exported: Exported) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(exported.data)) as archive:
        assert archive.testzip() is None
        return {each: archive.read(each) for each in archive.namelist()}


def test_each_report_is_where_moodle_looks_for_it() -> None:
    exported = export(Asked((grade("10"), grade("2")), page=page))
    assert {
        "feedback_2_assignfeedback_file/report.html": b"<p>2</p>",
        "feedback_10_assignfeedback_file/report.html": b"<p>10</p>",
    } == files(exported)
    assert ["2", "10"] == [name.split("_")[1] for name in files(exported)]
    # How Moodle takes a path apart: name, number, kind and plugin, each up to a `_`.
    for name in files(exported):
        folder, _, file = name.partition("/")
        word, number, kind, plugin = folder.split("_", 4)
        assert ("feedback", "assignfeedback", "file") == (word, kind, plugin)
        assert number.isdigit()
        assert not file.startswith((".", "~"))


def test_equal_grades_are_equal_bytes() -> None:
    grades = (grade("10"), grade("2"), grade("3"))
    first = export(Asked(grades, page=page))
    assert first.data == export(Asked(grades[::-1], page=page)).data
    with zipfile.ZipFile(io.BytesIO(first.data)) as archive:
        assert {((1980, 1, 1, 0, 0, 0), 0o644 << 16)} == {
            (each.date_time, each.external_attr) for each in archive.infolist()
        }


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_name_and_no_key_gets_into_a_path(name: str, key: str, said: str) -> None:
    grades = (grade("2", name), grade(f"../{key}", name), grade(f"3_{key}", name))
    exported = export(Asked(grades, page=lambda _: f"<p>{said}\ud800</p>"))
    assert ["feedback_2_assignfeedback_file/report.html"] == list(files(exported))
    assert f"<p>{said}?</p>".encode("utf-8", "replace") == next(iter(files(exported).values()))
    assert 2 == len(exported.skipped)


@pytest.mark.parametrize("key", ["٣", "-1", "1.0", "", "²", "1 "])
def test_a_key_is_ascii_digits(key: str) -> None:
    exported = export(Asked((grade("2"), grade(key)), page=page))
    assert [(key, "no participant's number")] == list(exported.skipped)


def test_who_has_no_report_is_said() -> None:
    asked = Asked((grade("2"), grade("3", why="a judge error")))
    exported = export(replace(asked, page=lambda each: "<p></p>" if each.key == "2" else ""))
    assert [("3", "a judge error")] == list(exported.skipped)
    with pytest.raises(UsageError, match=r"no report to put into the zip \('2': there is no"):
        export(asked)


def test_numbers_of_groups_are_refused_or_made_peoples_by_the_worksheet() -> None:
    teams = (grade("2", "Team Ax"), grade("default-group", "Default group"))
    with pytest.raises(UsageError, match="in teams, whose numbers are other people's"):
        export(Asked(teams, page=page))
    template = (GOLDEN / "worksheet-teams.csv").read_bytes()
    with pytest.raises(UsageError, match="--match name"):
        export(Asked(teams, template, page=page))
    exported = export(Asked(teams, template, match="name", page=page))
    assert [["1", "3", "4"]] == [[name.split("_")[1] for name in files(exported)]]


def test_the_worksheet_says_who_is_there() -> None:
    template = (GOLDEN / "worksheet.csv").read_bytes()
    exported = export(Asked((grade("2"), grade("99")), template, page=page))
    assert ["feedback_2_assignfeedback_file/report.html"] == list(files(exported))
    assert ["99"] == [each.key for each in exported.skipped]
    assert not any("--template" in each for each in exported.warnings)
    without = export(Asked((grade("2"),), page=page))
    assert any("--template" in each for each in without.warnings)


def test_other_keys_are_refused() -> None:
    with pytest.raises(UsageError, match="keys are those of canvas"):
        export(Asked((grade("2", platform="canvas"),), page=page))
    with pytest.raises(UsageError, match="--match name needs the worksheet"):
        export(Asked((grade("2"),), match="name", page=page))
    with pytest.raises(UsageError, match=re.escape("the run has no grade")):
        export(Asked((), page=page))
