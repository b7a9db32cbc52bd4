"""Gradescope's `results.json`: one test for each case, shown to students when its group says so.

Theory of operation. The total is written at the top, where it overrides the sum of the tests; the
sum is the same (see `outline`). A test of a group that students do not see yet has that group's
visibility, in Gradescope's own words, and even then its text is the student's view: nothing that
is hidden is in the file. What the harness prints is the instructor's (`stdout_visibility`). The
text above all tests says why and what next, without points: Gradescope keeps the total from a
student while tests are held back, and so does this. The leaderboard, which Gradescope shows only
where an instructor has asked for one, counts visible groups alone for the same reason.

A judge error. Gradescope takes no result without a number: a file without scores, or none, is
shown to the student as a failed autograder that asks them whether their submission is valid. So
the score is 0, as other graders do it, and the one test there is says in the student's words that
this is no mark and is to be run again; `extra_data` has the verdict by which an instructor finds
such submissions, and "Regrade" replaces the 0.
"""

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from grader.lms.numbers import Scaling
from grader.lms.single import outline
from grader.lms.single.outline import Outline, Test
from grader.reports import markdown
from grader.result import SCHEMA, SubmissionResult
from grader.verdict import Visibility


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return the file's text."""
    said = outline.of(result, scaling)
    return json.dumps(_results(said), indent=2, allow_nan=False) + "\n"


def _results(said: Outline) -> dict[str, Any]:
    ungraded = said.score is None
    return {
        "score": float(said.score or 0),
        "execution_time": said.result.wall_s,
        "output": outline.NO_MARK if ungraded else markdown.why_markdown(said.result),
        "output_format": "text" if ungraded else "md",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_not_graded(said)] if ungraded else list(map(_test, said.tests)),
        "leaderboard": [] if ungraded else list(_leaderboard(said)),
        "extra_data": _extra(said.result),
    }


def _test(test: Test) -> dict[str, Any]:
    return {
        "number": test.number,
        "name": test.full_name,
        "status": "passed" if test.passed else "failed",
        "score": float(test.score or 0),
        "max_score": float(test.max_score),
        "output": test.text,
        "visibility": str(test.visibility),
        "extra_data": {"group": test.group, "verdict": str(test.verdict)},
    }


def _not_graded(said: Outline) -> dict[str, Any]:
    return {
        "number": "1",
        "name": "Not graded yet",
        "status": "failed",
        "score": 0.0,
        "max_score": float(said.max_score),
        "output": outline.NO_MARK,
        "visibility": str(Visibility.VISIBLE),
        "extra_data": {"verdict": str(said.result.verdict)},
    }


def _leaderboard(said: Outline) -> Iterator[dict[str, Any]]:
    seen = [test.score or 0 for test in said.tests if test.visibility is Visibility.VISIBLE]
    yield {"name": "Points", "value": float(sum(seen, Fraction(0)))}
    yield {"name": "CPU seconds", "value": said.result.cpu_s, "order": "asc"}


def _extra(shown: SubmissionResult) -> dict[str, Any]:
    """Return what tells by what this was judged, for whoever reads many of these files."""
    return {
        "grader": {
            "schema": SCHEMA,
            "verdict": str(shown.verdict),
            "challenge": shown.challenge,
            "challenge_digest": shown.challenge_digest,
            "dataset_digest": shown.dataset_digest,
            "sha256": shown.sha256,
            "run_key": shown.run_key,
            "judgement_key": shown.judgement_key,
            "tier": shown.sandbox.tier,
        }
    }
