"""What a combinator template grader of CodeRunner (Moodle) prints: one line of JSON.

CodeRunner refuses a key that it does not know, a line on stderr, and an exit code other than 0.
Cells are `%s`: it escapes them itself. A hidden case is a row that only staff see, without text
(`ishidden`).

A judge error. Nothing that is printed keeps CodeRunner from recording a mark, so it records 0 until
the attempt is regraded; but without a `fraction` it shows what was printed as an error of the
question, not as the student's, and that says that it is no mark.
"""

import json
from typing import Any

from grader.lms import feedback
from grader.lms.numbers import Scaling, written
from grader.lms.single import markup, outline
from grader.lms.single.outline import Outline, Test
from grader.result import SubmissionResult
from grader.verdict import Visibility

_COLUMNS = ("iscorrect", "Test", "Points", "Result", "ishidden")


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return the line. The mark is a share; `scaling` is for the points shown beside it."""
    said = outline.of(result, scaling)
    return json.dumps(_outcome(said), allow_nan=False) + "\n"


def _outcome(said: Outline) -> dict[str, Any]:
    if said.share is None:
        return {"epiloguehtml": f"<p>{outline.NO_MARK}</p>"}
    return {
        "fraction": float(said.share),
        "testresults": [list(_COLUMNS), *map(_row, said.tests)],
        "columnformats": ["%s", "%s", "%s"],
        "epiloguehtml": markup.preformatted(feedback.cut(feedback.full(said.result))),
    }


def _row(test: Test) -> list[Any]:
    name = f"{test.number} {test.full_name}"
    points = f"{written(test.score or test.max_score * 0)} of {written(test.max_score)}"
    hidden = test.visibility is not Visibility.VISIBLE
    return [int(test.passed), name, points, test.text, int(hidden)]
