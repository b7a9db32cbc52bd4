"""A result survives being kept as JSON, and what is no result is refused in words."""

import json
import math
from typing import Any

import pytest

from grader.diagnosis import Diagnosis, Example
from grader.errors import UsageError
from grader.explanation import Series, Trajectory
from grader.result import (
    CaseResult,
    GroupResult,
    SandboxInfo,
    SubmissionResult,
    student_view,
    to_json,
)
from grader.stored import from_json
from grader.verdict import Verdict, Visibility

CASE = CaseResult(
    "a case",
    Verdict.WRONG_ANSWER,
    0.0,
    5.0,
    0.01,
    "no",
    {"x": (1, math.inf)},
    math.nan,
    [2.5],
    "hi",
)
PATH = Trajectory(("epochs",), 1, (0, 1), (Series("w", (0.0, math.inf), (None, math.nan)),))
EXAMPLE = Example({"x": [-math.inf]}, 1.0, math.nan, None, ("w = 0", "w = 1"), PATH)
RESULT = SubmissionResult(
    challenge="sgdWithMomentum",
    challenge_digest="c",
    dataset_digest="d",
    submission="\ud800.py",
    language="javascript",
    sha256="5",
    verdict=Verdict.WRONG_ANSWER,
    score=None,
    max_score=10.0,
    groups=(
        GroupResult("g", "G", Visibility.HIDDEN, 0.0, 5.0, Verdict.WRONG_ANSWER, (CASE,)),
        GroupResult("v", "V", Visibility.VISIBLE, 0.0, 5.0, Verdict.WRONG_ANSWER, (CASE,)),
    ),
    diagnosis=(
        Diagnosis("mutant", "m", "M", "H", 0.5, "E"),
        Diagnosis("counterexample", "counterexample", "T", "H", example=EXAMPLE),
    ),
    notes=("note",),
    sandbox=SandboxInfo("full", ("seccomp",)),
    cpu_s=0.012,
    wall_s=0.034,
    run_key="r",
    judgement_key="j",
)


@pytest.fixture
def stored() -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(json.dumps(to_json(RESULT, "instructor"), allow_nan=False))
    return kept


def test_equal_json_comes_back(stored: dict[str, Any]) -> None:
    assert stored == to_json(from_json(stored), "instructor")


def test_what_json_has_no_number_for_is_a_float_again(stored: dict[str, Any]) -> None:
    case = from_json(stored).groups[0].cases[0]
    assert {"x": [1, math.inf]} == case.inputs
    assert math.isnan(case.desired)
    assert RESULT.diagnosis[1].example is not None
    example = from_json(stored).diagnosis[1].example
    assert example is not None
    assert {"x": [-math.inf]} == example.inputs
    assert example.trajectory is not None
    assert (0.0, math.inf) == example.trajectory.series[0].expected


def test_a_student_sees_no_more_of_a_stored_result(stored: dict[str, Any]) -> None:
    assert to_json(RESULT, "student") == to_json(student_view(from_json(stored)), "student")


def test_an_older_or_a_newer_result_is_read_too(stored: dict[str, Any]) -> None:
    for field in ("run_key", "judgement_key"):
        del stored[field]
    for case in stored["groups"][0]["cases"]:
        del case["flaky"], case["prints"]
    del stored["diagnosis"][1]["example"]["trajectory"]
    stored["of-schema-1-in-a-year"] = {}
    assert "" == from_json(stored).run_key
    assert not from_json(stored).groups[0].cases[0].flaky
    example = from_json(stored).diagnosis[1].example
    assert example is not None
    assert example.trajectory is None


@pytest.mark.parametrize("broken", [{}, {"schema": 1}, [], None, {"verdict": "fine"}])
def test_what_is_no_result_is_refused(broken: Any) -> None:
    with pytest.raises(UsageError, match="not a result"):
        from_json(broken)


def test_an_unknown_verdict_is_refused(stored: dict[str, Any]) -> None:
    stored["verdict"] = "splendid"
    with pytest.raises(UsageError, match="splendid"):
        from_json(stored)
