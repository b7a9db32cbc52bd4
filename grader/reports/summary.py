"""A batch as CSV, for people and their spreadsheets."""

import csv
import io
from collections.abc import Collection, Iterable

from grader.reports import escape
from grader.store import Mark

SUMMARY_COLUMNS = ("submission", "verdict", "score", "max_score", "first_diagnosis")


def summary_csv(
    marks: Iterable[Mark],
    *,
    with_challenge: bool = False,
    counting: Collection[tuple[str, str]] | None = None,
) -> str:
    """Return the marks as CSV with a header; an empty score is a judge error, never 0.

    The challenge is a last column, where there may be several; so is then whether an attempt
    counts, where `counting` has those (submission, challenge) that do.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    more = [
        *(["challenge"] if with_challenge else []),
        *(["counts"] if counting is not None else []),
    ]
    writer.writerow((*SUMMARY_COLUMNS, *more))
    for row in marks:
        score = "" if row.score is None else f"{row.score:.15g}"
        cells = [row.name, row.verdict, score, f"{row.max_score:.15g}", row.diagnosis]
        if with_challenge:
            cells.append(row.challenge)
        if counting is not None:
            cells.append("yes" if (row.submission, row.challenge) in counting else "no")
        writer.writerow(escape.cell(cell) for cell in cells)
    return text.getvalue()
