"""Wrong submissions by somebody who saw the statements alone: are they explained?

40 files, each with a realistic mistake (nine with two), written before any of them was run and
without a look at the variants. `expected.json` says for each what the first explanation is, and
whether a tutor found it useful: A names the mistake (or one of two), B does not, but shows a
small input or a shape that leads to it, C is of no use, D names a mistake that is not theirs.
When they were first run it was A 23, B 16, C 0, D 1; what that taught made it A 25, B 15.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader import counterexample
from grader.catalog import Catalog
from grader.dataset import build
from grader.exam import Exam
from grader.grading import cell_config
from grader.judge import judge
from grader.result import SubmissionResult
from grader.sandbox.tiers import open_box
from grader.submission import read
from grader.verdict import Verdict

UNSEEN = Path(__file__).parent / "unseen"
EXPECTED: dict[str, dict[str, Any]] = json.loads((UNSEEN / "expected.json").read_text("utf-8"))
SECRET = b"of the unseen"


@pytest.fixture(scope="module")
def results() -> dict[str, SubmissionResult]:
    return dict(_judged())


def _judged() -> Iterator[tuple[str, SubmissionResult]]:
    for folder in sorted(path for path in UNSEEN.iterdir() if path.is_dir()):
        loaded = Catalog().load(folder.name)
        exam = Exam(loaded, build(loaded.challenge, SECRET), SECRET)
        with open_box("auto", cell_config(loaded.challenge)) as box:
            for path in sorted(folder.glob("*.py")):
                file = read(path)
                result = judge(file, exam, box)
                if counterexample.is_wanted(result):
                    found = counterexample.find(file, exam, box)
                    result = counterexample.explained(result, found)
                yield f"{folder.name}/{path.name}", result


def test_every_file_is_expected() -> None:
    files = sorted(f"{path.parent.name}/{path.name}" for path in UNSEEN.glob("*/*.py"))
    assert sorted(EXPECTED) == files
    assert len(files) >= 30


def test_none_of_them_is_right(results: dict[str, SubmissionResult]) -> None:
    assert [] == [name for name, r in results.items() if r.verdict is Verdict.ACCEPTED]


def test_each_is_explained_as_a_tutor_has_seen_it(results: dict[str, SubmissionResult]) -> None:
    expected = {name: (entry["verdict"], entry["first"]) for name, entry in EXPECTED.items()}
    actual = {}
    # A mutant is the instructor's alone: what a student reads first comes after it.
    for name, result in results.items():
        students = [entry for entry in result.diagnosis if entry.kind != "mutant"]
        first = students[0] if students else None
        actual[name] = (str(result.verdict), f"{first.kind}:{first.id}" if first else "")
    assert expected == actual


def test_most_are_named_and_none_is_left_alone() -> None:
    counts = Counter(entry["useful"] for entry in EXPECTED.values())
    assert {"A": 25, "B": 15} == dict(counts)
