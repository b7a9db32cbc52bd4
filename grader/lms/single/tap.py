"""TAP 14, the Test Anything Protocol.

A test point is one line: its name has no line end, and `#` and `\\` in it are escaped. What is said
of it is YAML whose texts are JSON strings, each on one line, so that nothing in them ends the block
or begins another test point. A judge error is a `Bail out!`.

A harness that runs the command itself would take another exit code than 0 for a crash. Perl's
`prove` 3.44 calls version 14 unknown, and reads the same lines as version 13.
"""

import json
from collections.abc import Iterator

from grader.lms import feedback
from grader.lms.numbers import Scaling, written
from grader.lms.single import outline
from grader.lms.single.outline import Test
from grader.result import SubmissionResult
from grader.verdict import Verdict


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return the document."""
    said = outline.of(result, scaling)
    tests = outline.public(said)
    head = ["TAP version 14", f"1..{len(tests)}"]
    if said.score is None:
        return "\n".join([*head, f"Bail out! {outline.NO_MARK}"]) + "\n"
    points = f"# score {written(said.score)} of {written(said.max_score)}"
    body = [line for number, test in enumerate(tests, 1) for line in _point(number, test)]
    remarks = [f"# {line}" for line in feedback.full(result).splitlines()]
    return "\n".join([*head, points, *body, *remarks]) + "\n"


def escaped(name: str) -> str:
    r"""Return a name in which no harness finds a directive.

    >>> print(escaped("a # SKIP \\"))
    a \# SKIP \\
    """
    return name.replace("\\", "\\\\").replace("#", "\\#")


def _point(number: int, test: Test) -> Iterator[str]:
    name = escaped(f"{test.number} {test.full_name}")
    if test.verdict is Verdict.SKIPPED:
        yield f"ok {number} - {name} # SKIP another group has to pass first"
        return
    yield f"{'ok' if test.passed else 'not ok'} {number} - {name}"
    yield from _diagnostics(test)


def _diagnostics(test: Test) -> Iterator[str]:
    yield "  ---"
    yield f"  verdict: {test.verdict}"
    yield f"  points: {written(test.score or test.max_score * 0)}"
    yield f"  max_points: {written(test.max_score)}"
    if test.text:
        yield f"  message: {json.dumps(test.text, ensure_ascii=False)}"
    yield "  ..."
