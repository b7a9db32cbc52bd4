"""A run's grades as a table of our own, for whatever reads CSV. No template.

A grade that is not there (a judge error, say) has an empty score, never 0.
"""

import csv
import io
from collections.abc import Iterable, Sequence

from grader.lms import feedback, numbers
from grader.lms.exporting import Asked, Exported
from grader.lms.filling import Skipped
from grader.lms.grades import Grade
from grader.lms.layout import formulas
from grader.lms.numbers import Scaling
from grader.lms.scaling import for_column, points

COLUMNS = ("key", "platform", "score", "max", "late", "submitted_at", "feedback")
_LATE = {True: "yes", False: "no", None: ""}


def export(asked: Asked) -> Exported:
    """Return a line for each student or team of the run."""
    scaling = for_column(asked, None, "a table of our own")
    rows = [_row(grade, scaling) for grade in asked.grades]
    left = tuple(Skipped(grade.key, grade.why) for grade in asked.grades if grade.score is None)
    return Exported(
        written([COLUMNS, *rows]),
        warnings=tuple(formulas(grade.key for grade in asked.grades)),
        skipped=left,
        written=len(rows) - len(left),
    )


def written(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as CSV in UTF-8; what tables do not hold is replaced."""
    text = io.StringIO(newline="")
    # The writer quotes a carriage return only where lines end with one.
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().replace("\0", "�").encode("utf-8", "replace")


def _row(grade: Grade, scaling: Scaling) -> tuple[str, ...]:
    most = grade.max_score if scaling.maximum is None else scaling.maximum
    number = ""
    if grade.score is not None:
        number = numbers.written(points(grade, scaling, None), scaling.digits)
    return (
        grade.key,
        grade.platform,
        number,
        numbers.written(most),
        _LATE[grade.late],
        "" if grade.submitted_at is None else grade.submitted_at.isoformat(),
        feedback.as_cell(grade.feedback),
    )
