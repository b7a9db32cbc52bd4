"""Every challenge through the real box: shipped submissions, variants and the reference."""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.catalog import Loaded
from grader.dataset import build
from grader.exam import Exam
from grader.judge import cell_config, judge
from grader.result import SubmissionResult
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.spec import Challenge
from grader.submission import Submission, read
from grader.verdict import Verdict

SECRET = b"in the box " * 3


@pytest.fixture(scope="module")
def exam(loaded: Loaded) -> Exam:
    return Exam(loaded, build(loaded.challenge, SECRET), SECRET)


@pytest.fixture(scope="module")
def box(loaded: Loaded) -> Iterator[Box]:
    with open_box("auto", cell_config(loaded.challenge)) as opened:
        yield opened


def as_a_file(function: Callable[..., Any], challenge: Challenge) -> Submission:
    """Return a function's own source as a student's file, under the challenge's name.

    Annotations name types of the reference's module, so they are left unevaluated.
    """
    source = inspect.getsource(function)
    renamed = re.sub(r"^def \w+\(", f"def {challenge.id}(", source, count=1)
    text = f"from __future__ import annotations\n\n\n{renamed}"
    return Submission(name="as_a_file.py", source=text.encode())


def why(result: SubmissionResult) -> list[tuple[str, str]]:
    return [(entry.kind, entry.id) for entry in result.diagnosis]


def test_every_shipped_submission_gets_its_folders_verdict(
    loaded: Loaded, exam: Exam, box: Box
) -> None:
    paths = sorted((loaded.folder / "submissions").glob("*/*.py"))
    expected = {str(path): path.parent.name for path in paths}
    actual = {str(path): str(judge(read(path), exam, box).verdict) for path in paths}
    assert expected == actual


def test_the_reference_as_a_file_gets_full_marks(exam: Exam, box: Box) -> None:
    result = judge(as_a_file(exam.challenge.reference, exam.challenge), exam, box)
    assert result.verdict is Verdict.ACCEPTED
    assert result.score == result.max_score == 100
    assert result.diagnosis == ()


def test_every_variant_as_a_file_is_diagnosed_as_itself(exam: Exam, box: Box) -> None:
    challenge = exam.challenge
    expected = {
        entry.id: (Verdict.WRONG_ANSWER, [("misconception", entry.id)])
        for entry in challenge.misconceptions
    }
    actual = {}
    for entry in challenge.misconceptions:
        result = judge(as_a_file(entry.variant, challenge), exam, box)
        actual[entry.id] = (result.verdict, why(result))
    assert expected == actual


def test_the_starter_as_a_file_earns_nothing(loaded: Loaded, exam: Exam, box: Box) -> None:
    result = judge(read(loaded.folder / "starter.py"), exam, box)
    assert result.verdict is Verdict.WRONG_ANSWER
    assert result.score == 0
    assert why(result) == [("shape", "nothing-returned")]
