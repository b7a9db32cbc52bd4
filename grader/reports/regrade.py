"""What a regrade would change, before anything is published: for people, and as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence

from grader.regrading import Change
from grader.reports import escape

_MOST = 40
_MOST_CASES = 3
COLUMNS = ("submission", "challenge", "before", "after", "change", "verdict_before",
           "verdict_after", "because")  # fmt: skip


def lines(changes: Sequence[Change], count: int, remarked: int, ran: int) -> str:
    """Return the changes, the greatest first, and what was done to find them."""
    ordered = sorted(changes, key=lambda each: (-abs(each.points or 0.0), each.after.name))
    up = sum((each.points or 0.0) > 0 for each in changes)
    down = sum((each.points or 0.0) < 0 for each in changes)
    told = [_line(each) for each in ordered[:_MOST]]
    if len(ordered) > _MOST:
        told.append(f"… and {len(ordered) - _MOST} more")
    return "\n".join(
        [
            *told,
            f"{count} submissions: {up} go up, {down} go down, {len(changes) - up - down} change "
            f"otherwise, {count - len(changes)} stay as they are",
            f"{remarked} were marked again from what was kept, {ran} were run",
            "",
        ]
    )


def not_again(reasons: Mapping[str, str], kept: int) -> str:
    """Return what could not be graded again, a line each, and how many keep the mark they have."""
    if not reasons:
        return ""
    told = [
        f"not graded again: {escape.line(name)}: {escape.line(why, 300)}"
        for name, why in list(reasons.items())[:_MOST]
    ]
    if len(reasons) > _MOST:
        told.append(f"… and {len(reasons) - _MOST} more")
    count = f"{len(reasons)} could not be graded again: {kept} of them keep the mark that counts"
    return "\n".join([*told, count, ""])


def as_csv(changes: Sequence[Change]) -> str:
    """Return every change as a row, safe for a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in changes:
        cells = (
            each.after.name,
            each.after.challenge,
            _score(each.before.score),
            _score(each.after.score),
            "" if each.points is None else f"{each.points:+.15g}",
            each.before.verdict,
            each.after.verdict,
            "; ".join(each.cases),
        )
        # A change begins with its sign and is a number all the same.
        writer.writerow(cell if i == 4 else escape.cell(cell) for i, cell in enumerate(cells))
    return text.getvalue()


def _line(change: Change) -> str:
    points = "no mark" if change.points is None else f"{change.points:+g}"
    scores = f"{_score(change.before.score)} -> {_score(change.after.score)}"
    because = "; ".join(change.cases[:_MOST_CASES])
    more = (
        f"; and {len(change.cases) - _MOST_CASES} more" if len(change.cases) > _MOST_CASES else ""
    )
    return (
        f"{escape.line(change.after.name)}  {points} ({scores}): {escape.line(because, 400)}{more}"
    )


def _score(score: float | None) -> str:
    return "none" if score is None else f"{score:.15g}"
