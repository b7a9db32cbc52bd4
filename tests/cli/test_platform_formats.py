"""`grader grade --format NAME`: what a learning platform reads, from the real judge."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.cli.grade import PLATFORMS, REPORTS
from grader.lms.single import FORMATS

Grader = Callable[..., Any]

WRONG = b"def sgdWithMomentum(data, lr, beta, epochs):\n    return 0.0\n"
NO_FAULT_OF_THEIRS = b"""\
def stepDecay(epoch, baseLr, factor, every):
    import idlelib.rpc  # not to be had in the tier `closed`
    return baseLr
"""


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    (tmp_path / "wrong.py").write_bytes(WRONG)
    return tmp_path / "wrong.py"


def test_the_command_names_the_formats_that_there_are() -> None:
    assert set(FORMATS) == {*PLATFORMS, *REPORTS} - {"text"}


def test_a_wrong_submission_is_written_for_gradescope(
    grader: Grader, wrong: Path, tmp_path: Path
) -> None:
    out = tmp_path / "results.json"
    options = ("--format", "gradescope", "--scale-to", "20", "-o", out)
    ran = grader("grade", "sgdWithMomentum", wrong, *options)
    assert (0, "") == (ran.code, ran.out)
    written = json.loads(out.read_text("utf-8"))
    assert 20 == pytest.approx(sum(test["max_score"] for test in written["tests"]))
    assert "wrong_answer" == written["extra_data"]["grader"]["verdict"]


def test_our_fault_is_written_and_ends_with_3(grader: Grader, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(NO_FAULT_OF_THEIRS)
    ran = grader("grade", "stepDecay", file, "--tier", "closed", "--format", "gradescope")
    assert 3 == ran.code
    assert "Not graded yet" == json.loads(ran.out)["tests"][0]["name"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "json", "--scale-to", "10"), "json is a report"),
        (("--format", "gradescope", "--view", "instructor"), "has no --view instructor"),
        *(
            (("--format", "gradescope", "--scale-to", each), "expected a number above 0")
            for each in ("12,5", "0", "-1", "1e3", "nan", "")
        ),
    ],
)
def test_what_makes_no_sense_is_one_line_before_anything_runs(
    grader: Grader, wrong: Path, options: tuple[str, ...], said: str
) -> None:
    ran = grader("grade", "sgdWithMomentum", wrong, *options)
    assert (2, "") == (ran.code, ran.out)
    assert 1 == ran.err.count("\n")
    assert said in ran.err
