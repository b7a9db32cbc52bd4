"""`grader import`: what it prints, where it writes, how it ends."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import intake
from grader.cli import import_

Grader = Callable[..., Any]


@pytest.fixture
def download(tmp_path: Path, right: bytes) -> Path:
    """A download of Canvas's with a bit of everything."""
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lovelaceada_501_90210_solution.py", right)
        archive.writestr("leesam_LATE_502_90211_solution.py", right)
        archive.writestr("leesam_503_90212_report.pdf", b"%PDF")
        archive.writestr("eve_504_90213_\x1b[2J.py", right)
        archive.writestr("bob_505_90214_all.zip", b"PK")
        archive.writestr("__MACOSX/._x", b"")
    return path


def row(out: str, name: str) -> list[str]:
    """Return the cells of a row of the table."""
    [found] = [line for line in out.splitlines() if line.strip().startswith(name)]
    return found.split()


def test_what_was_taken_is_said_and_written(tmp_path: Path, download: Path, grader: Grader) -> None:
    ran = grader("import", download, "--out", tmp_path / "work")
    assert 0 == ran.code
    assert ["taken", "4", "2", "canvas:"] == row(ran.out, "taken")[:4]
    assert ["late", "1", "1"] == row(ran.out, "late")
    assert ["no", "source", "2", "0", "503,", "505"] == row(ran.out, "no source")
    assert ["skipped", "2"] == row(ran.out, "skipped")[:2]
    assert ["refused", "2"] == row(ran.out, "refused")[:2]
    assert f"written to {tmp_path / 'work'}" in ran.out
    assert "refused bob_505_90214_all.zip: an archive within" in ran.err
    assert "skipped report.pdf of 503: not a .py" in ran.err
    assert "\x1b" not in ran.out + ran.err
    assert r"refused eve_504_90213_\x1b[2J.py: the name holds a control character" in ran.err
    manifest = json.loads((tmp_path / "work" / "manifest.json").read_text(encoding="utf-8"))
    assert ["501", "502", "503", "505"] == [entry["key"] for entry in manifest["entries"]]
    assert "latest" == manifest["policy"]


def test_importing_again_takes_nothing_new(tmp_path: Path, download: Path, grader: Grader) -> None:
    grader("import", download, "--out", tmp_path / "work")
    ran = grader("import", download, "--out", tmp_path / "work", "--attempt", "best")
    assert ["new", "0", "0"] == row(ran.out, "new")


def test_strict_says_by_its_code_that_something_was_refused(
    tmp_path: Path, download: Path, grader: Grader
) -> None:
    assert 4 == grader("import", download, "--out", tmp_path / "work", "--strict").code
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "ada.py").write_text("x = 1\n")
    assert 0 == grader("import", tmp_path / "clean", "--out", tmp_path / "w", "--strict").code


def test_a_roster_says_who_is_missing(tmp_path: Path, download: Path, grader: Grader) -> None:
    (tmp_path / "roster.csv").write_text("ID,Student\n501,Ada\n502,Sam\n503,Sam\n999,Gone\n")
    options = ("--out", tmp_path / "work", "--roster", tmp_path / "roster.csv")
    ran = grader("import", download, *options)
    assert ["missing", "1", "999"] == row(ran.out, "missing")
    assert ["not", "in", "roster", "1", "0", "505"] == row(ran.out, "not in roster")


def test_a_platform_can_be_insisted_on(tmp_path: Path, download: Path, grader: Grader) -> None:
    ran = grader("import", download, "--out", tmp_path / "work", "--from", "moodle")
    assert (2, "") == (ran.code, ran.out)
    assert "no file is named as Moodle names its downloads" in ran.err
    assert not (tmp_path / "work").exists()
    ran = grader("import", download, "--out", tmp_path / "work", "--from", "files")
    assert "files: a file per student" in ran.out


def test_the_choices_are_those_there_are() -> None:
    assert intake.CHOICES == import_.PLATFORMS
    assert intake.POLICIES == import_.POLICIES


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--time-zone", "Berlin"], "'Berlin' is no time zone; expected Europe/Berlin or UTC"),
        (["--time-zone", "../etc"], "is no time zone"),
        (["--roster", "none.csv"], "cannot read the roster none.csv"),
        (["--from", "nbgrader"], "'nbgrader' is not one of"),
        (["--attempt", "first"], "'first' is not one of"),
    ],
)
def test_a_request_that_cannot_be_met(
    tmp_path: Path, download: Path, grader: Grader, arguments: list[str], said: str
) -> None:
    ran = grader("import", download, "--out", tmp_path / "work", *arguments)
    assert 2 == ran.code
    assert said in ran.err
    assert not (tmp_path / "work").exists()


def test_a_source_in_which_nothing_was_handed_in_says_what_was_expected(
    tmp_path: Path, grader: Grader
) -> None:
    (tmp_path / "hw").mkdir()
    ran = grader("import", tmp_path / "hw", "--out", tmp_path / "work")
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert "hw: it is empty; expected .py, .js, .mjs or .cjs files, a folder of them" in ran.err
    (tmp_path / "hw" / ".hidden").touch()
    ran = grader("import", tmp_path / "hw", "--out", tmp_path / "work")
    assert (2, "") == (ran.code, ran.out)
    assert "hw: it holds 1 files, none of them anybody's; expected" in ran.err


def test_many_lines_are_cut_short(tmp_path: Path, grader: Grader) -> None:
    (tmp_path / "hw").mkdir()
    for number in range(60):
        (tmp_path / "hw" / f"{number}.zip").touch()
    ran = grader("import", tmp_path / "hw", "--out", tmp_path / "work")
    assert 50 == ran.err.count(".zip: an archive within")
    assert "… and 10 more refused; manifest.json has all" in ran.err
    assert "and 40 more" in " ".join(ran.out.split())
