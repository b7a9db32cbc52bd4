"""Points by hand: they stay, whatever is graded again, and nobody is adjusted by mistake."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.store import FILE, Store

Grader = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(graded: Callable[..., Path], right: bytes) -> Path:
    return graded("sgdWithMomentum", {"ada.py": right, "=bob.py": right})


@pytest.fixture
def out(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder / "out", tmp_path / "out")


def test_an_adjustment_is_kept_journalled_and_listed(
    out: Path, folder: Path, grader: Grader
) -> None:
    ran = grader("adjust", out, "ada.py", "-5.5", "--reason", "copied the comment")
    assert (0, "") == (ran.code, ran.err)
    assert "adjusted: ada.py  sgdWithMomentum  -5.5  " in ran.out
    assert 0 == grader("adjust", out, "=bob.py", "2", "--reason", "red\x1b[31m").code
    assert 0 == grader("batch", "sgdWithMomentum", folder / "class", "--out", out).code
    assert 0 == grader("regrade", out).code
    assert 0 == grader("regrade", out, "--publish").code
    listed = grader("adjust", out)
    assert (0, 3) == (listed.code, len(listed.out.splitlines()))
    assert "copied the comment" in listed.out
    assert "\x1b" not in listed.out
    assert listed.out.endswith("2 adjustments\n")
    with Store(out / FILE) as store:
        journal = [detail for _, event, detail in store.journal() if event == "adjust"]
    assert 2 == len(journal)
    assert '"points": -5.5' in journal[0]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("ada", "5", "--reason", "x"), "no submission 'ada' in this run; did you mean 'ada.py'?"),
        (("adda.py", "5", "--reason", "x"), "did you mean 'ada.py'"),
        (("zzzzzz", "5", "--reason", "x"), "use a name of summary.csv, such as '=bob.py'"),
        (("ada.py", "5"), "needs POINTS and a reason"),
        (("ada.py", "5", "--reason", "  "), "needs a reason"),
        (("ada.py", "nan", "--reason", "x"), "POINTS must be a number"),
        (("ada.py", "0", "--reason", "x"), "POINTS must be a number"),
        (("ada.py", "5", "--reason", "x", "--challenge", "adamW"), "not graded for 'adamW'"),
    ],
)
def test_what_does_not_fit_is_one_line(
    out: Path, grader: Grader, arguments: tuple[str, ...], complaint: str
) -> None:
    ran = grader("adjust", out, *arguments)
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert complaint in ran.err
    assert "no adjustments" in grader("adjust", out).out


def test_a_folder_without_a_run_is_a_usage_error(tmp_path: Path, grader: Grader) -> None:
    ran = grader("adjust", tmp_path)
    assert (2, True) == (ran.code, "there is no run in" in ran.err)
