"""What PrairieLearn is told where nothing could be graded: it costs nobody anything."""

import json
from pathlib import Path

import pytest

from grader.lms.harness import prairielearn
from grader.lms.harness.graded import Fault, NotGradable
from grader.lms.single.outline import NO_MARK
from grader.stored import from_json

RESULTS = Path(__file__).resolve().parents[1] / "golden" / "single" / "results"


def test_what_the_student_has_to_mend_is_said_and_costs_no_attempt() -> None:
    assert {"gradable": False, "format_errors": ["two files"]} == prairielearn.results(
        NotGradable("two files")
    )


def test_a_fault_of_ours_is_one_line_for_the_log_and_none_of_it_for_students(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == prairielearn.main([str(tmp_path / "autograder"), str(tmp_path / "grade")])
    written = json.loads((tmp_path / "grade" / "results" / "results.json").read_text("ascii"))
    assert {"gradable": False, "format_errors": [NO_MARK]} == written
    said = capsys.readouterr()
    assert ("", 1) == (said.out, len(said.err.splitlines()))
    assert "cannot read" in said.err
    assert written == prairielearn.results(Fault("internal error\nTraceback with a hidden value"))


@pytest.mark.parametrize(("name", "score"), [("right", 1.0), ("judge_error", None)])
def test_a_result_is_the_one_that_the_format_gives(name: str, score: float | None) -> None:
    result = from_json(json.loads((RESULTS / f"{name}.json").read_text("utf-8")))
    results = prairielearn.results(result)
    assert (score is not None, score) == (results["gradable"], results.get("score"))
