"""A batch as CSV, for people and their spreadsheets."""

import csv
import io
from collections.abc import Iterable

from grader.executors import Row
from grader.reports import escape
from grader.verdict import Verdict

SUMMARY_COLUMNS = ("submission", "verdict", "score", "max_score", "first_diagnosis")


def summary_csv(rows: Iterable[Row]) -> str:
    """Return the rows as CSV with a header; an empty score is a judge error, never 0."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(SUMMARY_COLUMNS)
    for row in rows:
        score = "" if row.score is None else f"{row.score:.15g}"
        cells = (row.submission, row.verdict, score, f"{row.max_score:.15g}", row.diagnosis)
        writer.writerow(escape.cell(cell) for cell in cells)
    return text.getvalue()


def has_judge_errors(rows: Iterable[Row]) -> bool:
    """Tell whether any submission has no mark by a fault that is not its student's."""
    return any(row.verdict is Verdict.JUDGE_ERROR for row in rows)
