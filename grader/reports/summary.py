"""A batch as CSV, for people and their spreadsheets."""

import csv
import io
from collections.abc import Iterable

from grader.reports import escape
from grader.store import Mark

SUMMARY_COLUMNS = ("submission", "verdict", "score", "max_score", "first_diagnosis")


def summary_csv(marks: Iterable[Mark], *, with_challenge: bool = False) -> str:
    """Return the marks as CSV with a header; an empty score is a judge error, never 0.

    The challenge is a last column, where there may be several.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*SUMMARY_COLUMNS, "challenge") if with_challenge else SUMMARY_COLUMNS)
    for row in marks:
        score = "" if row.score is None else f"{row.score:.15g}"
        cells = [row.name, row.verdict, score, f"{row.max_score:.15g}", row.diagnosis]
        if with_challenge:
            cells.append(row.challenge)
        writer.writerow(escape.cell(cell) for cell in cells)
    return text.getvalue()
