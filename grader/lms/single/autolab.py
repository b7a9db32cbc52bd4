"""What an autograder of Autolab prints: the report, its stages, and on the last line the scores.

Autolab takes the last line for the scores and the one before it for the layout, so what a student
made may stand above them. It puts quotes around every word before a colon in the last line, also
inside of quotes: no text may be there but names. The problem in Autolab has to be called like the
challenge.

A judge error has the score null, which leaves the problem ungraded. Without scores, or with a line
that it cannot read, Autolab would give every problem of the assessment a 0.
"""

import json
from typing import Any

from grader.lms import feedback
from grader.lms.numbers import Scaling
from grader.lms.single import outline
from grader.lms.single.outline import Outline
from grader.result import SubmissionResult


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return all that is to be printed."""
    said = outline.of(result, scaling)
    report = outline.NO_MARK if said.score is None else feedback.full(result)
    lines = [*report.splitlines(), _line(_stages(said)), _line(_scores(said))]
    return "\n".join(lines) + "\n"


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, allow_nan=False)


def _stages(said: Outline) -> dict[str, Any]:
    """Return the tests by group. A name begins with a number, so that none is there twice."""
    stages: dict[str, dict[str, Any]] = {}
    for test in outline.public(said) if said.score is not None else ():
        title = f"{test.number.partition('.')[0]}. {test.title}"
        hint = {"hint": test.text} if test.text and not test.passed else {}
        name = f"{test.number} {test.name or 'all of its tests'}"
        stages.setdefault(title, {})[name] = {"passed": test.passed, **hint}
    return {"_presentation": "semantic", "stages": list(stages), **stages}


def _scores(said: Outline) -> dict[str, Any]:
    score = None if said.score is None else float(said.score)
    board = {} if score is None else {"scoreboard": [score]}
    return {"scores": {said.result.challenge: score}, **board}
