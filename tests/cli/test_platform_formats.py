"""`grader grade --format NAME`: what a learning platform reads, from the real judge."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from platform_readers import READERS, plain

from grader.cli.grade import PLATFORMS, REPORTS, SHARES
from grader.lms.single import FORMATS

Grader = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("kept_boxes")

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


@pytest.mark.parametrize("form", PLATFORMS)
def test_every_platform_reads_what_the_command_prints(
    grader: Grader, right: bytes, wrong: Path, form: str
) -> None:
    ran = grader("grade", "sgdWithMomentum", wrong, "--format", form)
    assert (0, "") == (ran.code, ran.err)
    # Cases without data have the answer 0, but their group gives points for all or none.
    assert 0 == READERS[form](ran.out).score
    wrong.write_bytes(right)
    ran = grader("grade", "sgdWithMomentum", wrong, "--format", form)
    assert (0, "") == (ran.code, ran.err)
    most = 1 if form in SHARES or form == "xqueue" else 100
    assert most == READERS[form](ran.out).score


@pytest.mark.parametrize(
    ("given", "options", "expected"),
    [("20", (), 20), ("20", ("--scale-to", "5"), 5), ("", (), 100)],
)
def test_vpl_says_in_the_environment_what_full_marks_are(
    grader: Grader,
    right: bytes,
    wrong: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    options: tuple[str, ...],
    expected: float,
) -> None:
    monkeypatch.setenv("VPL_GRADEMAX", given)
    wrong.write_bytes(right)
    ran = grader("grade", "sgdWithMomentum", wrong, "--format", "vpl", *options)
    assert expected == READERS["vpl"](ran.out).score


def test_what_vpl_says_has_to_be_a_number(
    grader: Grader, wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VPL_GRADEMAX", "ten")
    ran = grader("grade", "sgdWithMomentum", wrong, "--format", "vpl")
    assert (2, "") == (ran.code, ran.out)
    assert "VPL_GRADEMAX ten: expected a number" in ran.err


def test_a_line_for_github_is_appended_by_the_shell(
    process: Grader, right: bytes, wrong: Path, tmp_path: Path
) -> None:
    wrong.write_bytes(right)
    ran = process("grade", "sgdWithMomentum", wrong, "--format", "github-classroom")
    (tmp_path / "output").write_text(f"before=1\n{ran.out}")
    lines = (tmp_path / "output").read_text().splitlines(keepends=True)
    assert ["before=1\n"] == lines[:1]
    assert 100 == READERS["github-classroom"]("".join(lines[1:])).score


@pytest.mark.parametrize("form", PLATFORMS)
def test_our_fault_is_written_and_ends_with_3(grader: Grader, tmp_path: Path, form: str) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(NO_FAULT_OF_THEIRS)
    ran = grader("grade", "stepDecay", file, "--tier", "closed", "--format", form)
    assert 3 == ran.code
    assert READERS[form](ran.out).score in ((0,) if form == "xqueue" else (None,))
    assert "no fault of yours" in plain(form, ran.out)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "json", "--scale-to", "10"), "json is a report"),
        (("--format", "coderunner", "--scale-to", "10"), "takes a share from 0 to 1"),
        (("--format", "gradescope", "--view", "instructor"), "has no --view instructor"),
        *(
            (("--format", "gradescope", "--scale-to", each), "expected a number of at least 0.01")
            for each in ("12,5", "0", "-1", "1e3", "nan", "", "0.004")
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
