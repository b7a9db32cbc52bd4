"""Points: from the verdicts of a group's cases to its score. Pure arithmetic.

A share of points is rounded to `DIGITS` decimals once, when it is added up, so that a
platform is never sent 0.7000000000000001. A judge error is not a mark: it makes the score
None, never 0.
"""

from collections.abc import Sequence
from typing import Literal

from grader.verdict import Verdict

DIGITS = 6


def shares(points: float, count: int) -> tuple[float, ...]:
    """Return `count` equal shares of `points`, in points, each rounded.

    >>> shares(10, 4)
    (2.5, 2.5, 2.5, 2.5)
    """
    return (round(points / count, DIGITS),) * count


def group_score(
    points: float, verdicts: Sequence[Verdict], award: Literal["sum", "all"]
) -> float | None:
    """Return a group's points, or None if the judge failed on any of its cases.

    >>> group_score(10, [Verdict.ACCEPTED, Verdict.WRONG_ANSWER], "sum")
    5.0
    >>> group_score(10, [Verdict.ACCEPTED, Verdict.WRONG_ANSWER], "all")
    0.0
    """
    if Verdict.JUDGE_ERROR in verdicts:
        return None
    accepted = sum(verdict is Verdict.ACCEPTED for verdict in verdicts)
    if award == "all":
        return float(points) if accepted == len(verdicts) else 0.0
    return round(points * accepted / len(verdicts), DIGITS)


def case_score(verdict: Verdict, share: float) -> float | None:
    """Return what one case adds to a group whose points are summed up; None with a judge error."""
    if verdict is Verdict.JUDGE_ERROR:
        return None
    return share if verdict is Verdict.ACCEPTED else 0.0


def total(scores: Sequence[float | None]) -> float | None:
    """Return the sum of the groups' scores, or None if any of them is None."""
    known = [score for score in scores if score is not None]
    return round(sum(known), DIGITS) if len(known) == len(scores) else None
