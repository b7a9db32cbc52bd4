"""How a mark came about, of real runs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.store import FILE, Store

Grader = Callable[..., Any]

ASSIGNMENT = """
title = "Week 1"
timezone = "Europe/Berlin"
due = 2026-11-30T23:59:00
late = { kind = "per_day", deduct = "10%" }
[[challenges]]
id = "sgdWithMomentum"
points = 50
"""


@pytest.fixture(scope="module")
def folder(graded: Callable[..., Path], right: bytes) -> Path:
    return graded("sgdWithMomentum", {"ada.py": right, "bob.py": right.replace(b"2 * (", b"(")})


@pytest.fixture
def out(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder / "out", tmp_path / "out")


def test_a_mark_is_told_from_its_cases_to_the_total(out: Path, grader: Grader) -> None:
    assert 0 == grader("adjust", out, "bob.py", "1.5", "--reason", "a nice comment").code
    ran = grader("explain", out, "bob.py")
    assert (0, "") == (ran.code, ran.err)
    for part in (
        "bob.py  sgdWithMomentum: wrong answer, 0 of 100\n",
        "  run        ", "  judgement  ", "  challenge  ",
        "  The worked example: 0 of 10\n",
        "    two steps: wrong answer, 0 of ",
        "by hand +1.5 on ", ": a nice comment\n",
        "score 0: of 100\n", "adjust 0 -> 1.5: +1.5 by hand: a nice comment\n",
        "mark: 1.5, of 100\n",
    ):  # fmt: skip
        assert part in ran.out, part


def test_it_is_told_while_a_batch_goes_on(out: Path, grader: Grader) -> None:
    with Store(out / FILE):
        ran = grader("explain", out, "ada.py")
    assert (0, True) == (ran.code, "mark: 100, of 100\n" in ran.out)


def test_json_says_the_same_and_an_assignment_applies(
    out: Path, tmp_path: Path, grader: Grader
) -> None:
    (tmp_path / "a.toml").write_text(ASSIGNMENT)
    ran = grader("explain", out, "ada.py", "--assignment", tmp_path / "a.toml", "--json")
    found = json.loads(ran.out)
    (submission,) = found["submissions"]
    (result,) = [
        each for each in map(json.loads, (out / "results.jsonl").open())
        if each["submission"] == "ada.py"
    ]  # fmt: skip
    for key in ("run_key", "judgement_key", "challenge_digest", "sha256", "verdict", "score"):
        assert result[key] == submission[key]
    assert [group["score"] for group in result["groups"]] == [
        group["score"] for group in submission["groups"]
    ]
    assert (50.0, 50.0) == (found["total"], found["out_of"])
    assert ["score", "points", "total"] == [step["what"] for step in found["steps"]]
    assert "2026-11-30T23:59:00+01:00" == found["policy"]["due"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("adda.py",), "did you mean 'ada.py'"),
        (("ada.py", "--assignment", "none.toml"), "cannot read none.toml"),
    ],
)
def test_what_is_not_there_is_one_line(
    out: Path, grader: Grader, arguments: tuple[str, ...], complaint: str
) -> None:
    ran = grader("explain", out, *arguments)
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert complaint in ran.err


def test_an_assignment_about_something_else_is_refused(
    out: Path, tmp_path: Path, grader: Grader
) -> None:
    (tmp_path / "a.toml").write_text(ASSIGNMENT.replace("sgdWithMomentum", "adamW"))
    ran = grader("explain", out, "ada.py", "--assignment", tmp_path / "a.toml")
    assert (2, True) == (ran.code, "the assignment is about adamW, the run about" in ran.err)
