"""Adjustments by hand, a line each."""

from collections.abc import Sequence

from grader.adjusting import Adjustment
from grader.reports import escape


def lines(adjustments: Sequence[Adjustment]) -> str:
    """Return all of them, and how many there are."""
    count = len(adjustments)
    told = f"{count or 'no'} adjustment{'' if count == 1 else 's'}"
    return "\n".join([*map(line, adjustments), told, ""])


def line(adjustment: Adjustment) -> str:
    """Return one: whose, by how much, and why."""
    return (
        f"{escape.line(adjustment.name)}  {adjustment.challenge}  {adjustment.points:+.15g}  "
        f"{adjustment.at}  {escape.line(adjustment.reason)}"
    )
