"""Judged results from which every format is made: real ones, kept in `tests/lms/golden/single`."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.result import SubmissionResult
from grader.stored import from_json

GOLDEN = Path(__file__).parents[1] / "golden" / "single"


@pytest.fixture(scope="session")
def results() -> Mapping[str, SubmissionResult]:
    """The results by name: right, misconception, runtime_error (hostile), invalid, judge_error."""
    found = sorted((GOLDEN / "results").glob("*.json"))
    return {file.stem: from_json(json.loads(file.read_text(encoding="utf-8"))) for file in found}
