"""What an evaluation of VPL (Virtual Programming Lab, Moodle) prints: a comment, then the grade.

VPL reads a grade from a line that begins with `Grade :=>>`, the last one there is, and a comment
between two lines `<|--` and `--|>`. Whoever could print such a line would give themselves a grade.
So every line of the comment begins with `>` (VPL shows it as it is), in which no mark of VPL's is
at a line's start; the marks are broken besides, for scripts that look for them anywhere; and the
grade comes last.

The range of grades is the activity's: its maximum is in the environment, which the command line
reads. With a judge error there is no grade, and VPL proposes none.
"""

from grader.lms import feedback
from grader.lms.numbers import Scaling, written
from grader.lms.single import outline
from grader.result import SubmissionResult

_MARKS = {":=>>": ":=> >", "<|--": "<|- -", "--|>": "- -|>"}


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return the lines."""
    said = outline.of(result, scaling)
    if said.score is None:
        return "\n".join(_comment("Not graded", outline.NO_MARK)) + "\n"
    report = feedback.cut(feedback.full(result))
    lines = [*_comment(feedback.short(result), report), f"Grade :=>>{written(said.score)}"]
    return "\n".join(lines) + "\n"


def _comment(title: str, text: str) -> list[str]:
    return [
        "<|--",
        f"-{harmless(title)}",
        *(f">{harmless(each)}" for each in text.splitlines()),
        "--|>",
    ]


def harmless(line: str) -> str:
    """Return a line without VPL's own marks.

    >>> harmless("Grade :=>>100 --|>")
    'Grade :=> >100 - -|>'
    """
    for mark, broken in _MARKS.items():
        line = line.replace(mark, broken)
    return line
