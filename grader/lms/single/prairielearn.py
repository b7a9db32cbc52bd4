"""PrairieLearn's `results.json`: a share from 0 to 1, and tests with points to look at.

Texts are plain: PrairieLearn escapes them itself. What could not be run at all is "not gradable",
as its documentation asks for: nothing is lost by it, no attempt either. So is a judge error, which
therefore costs nobody anything. The file stays below the 1 MB that PrairieLearn reads: where it
would not, tests keep their points and lose their texts.
"""

import json
from typing import Any, Final

from grader.lms import feedback
from grader.lms.numbers import Scaling
from grader.lms.single import outline
from grader.lms.single.outline import Outline, Test
from grader.reports import content
from grader.result import SubmissionResult
from grader.verdict import Verdict

MOST_BYTES: Final = 1_000_000


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return the file's text."""
    said = outline.of(result, scaling)
    if said.share is None or result.verdict is Verdict.INVALID_SUBMISSION:
        return _written({"gradable": False, "format_errors": _errors(said)})
    whole = _written(_results(said, with_texts=True))
    if len(whole) <= MOST_BYTES:  # it is ASCII, so that a terminal's encoding cannot break it
        return whole
    return _written(_results(said, with_texts=False))


def _written(results: dict[str, Any]) -> str:
    return json.dumps(results, indent=2, allow_nan=False) + "\n"


def _results(said: Outline, *, with_texts: bool) -> dict[str, Any]:
    return {
        "gradable": True,
        "score": float(said.share or 0),
        "message": feedback.short(said.result),
        "output": feedback.cut(feedback.full(said.result)),
        "tests": [_test(test, with_texts=with_texts) for test in outline.public(said)],
    }


def _test(test: Test, *, with_texts: bool) -> dict[str, Any]:
    return {
        "name": f"{test.number} {test.full_name}",
        "points": float(test.score or 0),
        "max_points": float(test.max_score),
        "message": test.text if with_texts else "",
    }


def _errors(said: Outline) -> list[str]:
    if said.share is None:
        return [outline.NO_MARK]
    shown = content.of(said.result)
    why = [f"{entry.title}. {entry.hint}" for entry in shown.explanations]
    return why or [shown.said_once or shown.next_step]
