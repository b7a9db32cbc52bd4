"""The line that a grading step of GitHub Classroom appends to `$GITHUB_OUTPUT`.

    grader grade … --format github-classroom >> "$GITHUB_OUTPUT"

`result` is JSON in base64, which Classroom's own reporter (`autograding-grading-reporter`) reads.

Theory of operation. The reporter sends the sum of the tests' scores, but prints the share of tests
that passed, times the maximum: two different numbers wherever tests differ in worth. So each test
here is worth the same, a hundredth of the maximum or a multiple of it, and a test of ours is as
many of them as it has points. Both numbers are then one: the score, rounded to a hundredth of the
maximum (to less than all of it where something failed). Doubles that are added up one by one may
be off in the last place, so the last one takes up what is missing.

The reporter fails the job where something failed: the exit code of this step says nothing. A judge
error has the status `error` and a maximum of 0, for which the reporter sends no points at all, and
what a student had before stays.
"""

import base64
import json
import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from grader.lms.numbers import Scaling
from grader.lms.single import outline
from grader.lms.single.outline import Outline, Test, laid_out
from grader.result import SubmissionResult

PARTS: Final = 100


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return the line `result=…`."""
    said = outline.of(result, scaling)
    document = json.dumps(_document(said), allow_nan=False).encode()
    return f"result={base64.b64encode(document).decode('ascii')}\n"


def _document(said: Outline) -> dict[str, Any]:
    if said.share is None:
        unknown = _test("Not graded yet", "error", 0.0, outline.NO_MARK)
        return {"version": 1, "status": "error", "max_score": 0, "tests": [unknown]}
    return {
        "version": 1,
        "status": "pass" if said.accepted else "fail",
        "max_score": float(said.max_score),
        "tests": list(_tests(said, said.share)),
    }


def _tests(said: Outline, share: Fraction) -> Iterator[dict[str, Any]]:
    rows = outline.public(said)
    earned = round(share * PARTS) if share == 1 else min(round(share * PARTS), PARTS - 1)
    passing = _parts([row.score or Fraction(0) for row in rows], earned)
    failing = _parts([row.max_score - (row.score or 0) for row in rows], PARTS - earned)
    size = math.gcd(*passing, *failing) or 1
    worth = said.max_score * size / PARTS
    scores = iter(summable(worth, sum(passing) // size))
    for row, passed, failed in zip(rows, passing, failing, strict=True):
        count = (passed + failed) // size
        for i in range(count):
            name = _name(row, i, count)
            yield _test(name, "pass", next(scores)) if i < passed // size else _test(name, "fail")


def _parts(shares: Sequence[Fraction], total: int) -> list[int]:
    return [int(part) for part in laid_out(shares, Fraction(total), 0)]


def summable(worth: Fraction, count: int) -> list[float]:
    """Return `count` doubles near `worth` that come to the double of their sum, added in order."""
    if not count:
        return []
    first = [float(worth)] * (count - 1)
    return [*first, float(worth * count) - sum(first)]


def _name(row: Test, i: int, count: int) -> str:
    name = f"{row.number} {row.full_name}"
    return name if count == 1 else f"{name} ({i + 1} of {count})"


def _test(name: str, status: str, score: float = 0.0, message: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "status": status,
        "score": score,
        "message": message,
        "test_code": "",
        "filename": "",
        "line_no": 0,  # else the reporter prints one behind the name
        "duration": 0,
    }
