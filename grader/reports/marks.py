"""The marks of an assignment as CSV: a row for each student."""

import csv
import io
from collections.abc import Iterable, Iterator
from fractions import Fraction

from grader import marks
from grader.marks import Rules, Standing
from grader.reports import escape
from grader.scoring import DIGITS

_LATE = {True: "yes", False: "no", None: ""}


def marks_csv(standings: Iterable[Standing], rules: Rules) -> str:
    """Return every student's marks, safe for a spreadsheet.

    For each challenge three columns: what it gives after attempts, lateness and adjustments, and
    what the last two have changed. A mark is empty, never 0, where there is none yet, and so is
    then the total; `note` says why.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = ["student", "platform", "submitted_at", "late"]
    for challenge in rules.challenges:
        columns += [challenge, f"{challenge}_lateness", f"{challenge}_adjustments"]
    writer.writerow([*columns, "total", "max_total", "note"])
    most = _number(marks.max_total(rules))
    for each in standings:
        at = "" if each.submitted_at is None else each.submitted_at.isoformat()
        known = (each.student.key, each.student.platform, at, _LATE[each.late])
        last = escape.cell("; ".join(each.notes))
        writer.writerow(
            [*map(escape.cell, known), *_numbers(each), _number(each.total.value), most, last]
        )
    return text.getvalue()


def _numbers(standing: Standing) -> Iterator[str]:
    """Yield the cells of the challenges; a number may begin with its sign, and is none the less."""
    for challenge, mark in standing.marks.items():
        yield _number(mark.value)
        yield _number(standing.lateness[challenge])
        yield _number(standing.adjustments[challenge])


def _number(value: Fraction | None) -> str:
    return "" if value is None else f"{round(float(value), DIGITS):.15g}"
