"""nbgrader's own export of grades: a line for each assignment and student, with nothing quoted.

A name with a comma therefore shifts what follows it. A line's first four cells and its last five
are told by counting from its ends; what is between is the name, whatever it holds. A line that is
too short (a name had a line's end in it) is left alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from grader.errors import UsageError
from grader.lms import joining, numbers, templates
from grader.lms.exporting import Asked, Exported
from grader.lms.filling import Wanted
from grader.lms.grades import Grade
from grader.lms.layout import Item, Layout, headers, item_of, people
from grader.lms.sheet import Sheet

TITLE = "nbgrader's export"
DOWNLOAD = "the file that `nbgrader export` writes"
COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score"),
)
_ASSIGNMENT, _STUDENT, _LAST, _FIRST = (
    COLUMNS.index(each) for each in ("assignment", "student_id", "last_name", "first_name")
)
_RAW, _PENALTY, _SCORE, _MOST = range(7, 11)


def export(asked: Asked) -> Exported:
    """Return the export with the scores of one assignment; without a template, one of that alone.

    The score is after lateness, so that the penalty beside it becomes 0.
    """
    if asked.template is None:
        layout = _layout(_read(_made(asked)))
        asked = replace(asked, match=COLUMNS[_STUDENT])
        item = item_of(layout, None)
    else:
        layout = templates.template(asked, recognise, DOWNLOAD)
        item = item_of(layout, asked.column)

    def cells(row: int, _: Grade, number: str) -> Wanted:
        sheet = layout.sheet
        penalty = sheet.get(row, _PENALTY)
        return {
            _RAW: _same(sheet.get(row, _RAW), number),
            _PENALTY: _same(penalty, "0"),
            _SCORE: number,
        }

    return templates.filled(asked, layout, item, cells=cells)


def recognise(data: bytes) -> Layout | None:
    """Return the table as nbgrader's, None if it is none."""
    sheet = _read(data)
    return _layout(sheet) if headers(sheet) == list(COLUMNS) else None


def _read(data: bytes) -> Sheet:
    sheet = Sheet.read(data, ",", bare=True)
    for row in sheet.rows:
        _mend(row.cells)
    return sheet


def _layout(sheet: Sheet) -> Layout:
    rows = tuple(row for row in range(1, len(sheet)) if sheet.width(row) == len(COLUMNS))
    broken = sum(sheet.width(row) != len(COLUMNS) for row in range(1, len(sheet)))
    return Layout(
        format="nbgrader",
        title=TITLE,
        platform="nbgrader",
        sheet=sheet,
        rows=rows,
        keys={"student_id": _STUDENT},
        own="student_id",
        items=_assignments(sheet, rows),
        name_of=people(sheet, (_LAST, _FIRST)),
        notes=(f"{broken} lines are too short to be read and stay as they are",) if broken else (),
    )


def _mend(cells: list[str]) -> None:
    """Make one cell of a name that commas have split; joined again, the bytes are the same.

    >>> cells = "hw1,,,sam,Smith, Jr.,Sam,s@x,1,0,1,2".split(",")
    >>> _mend(cells)
    >>> cells[3:7]
    ['sam', 'Smith, Jr.', 'Sam', 's@x']
    """
    extra = len(cells) - len(COLUMNS)
    if extra > 0:
        cells[_LAST : _LAST + extra + 1] = [",".join(cells[_LAST : _LAST + extra + 1])]


def _assignments(sheet: Sheet, rows: Sequence[int]) -> tuple[Item, ...]:
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(sheet.get(row, _ASSIGNMENT), []).append(row)
    return tuple(
        Item(_SCORE, title, _maximum(sheet, theirs), tuple(theirs))
        for title, theirs in found.items()
    )


def _maximum(sheet: Sheet, rows: Sequence[int]) -> Fraction | None:
    """Return what the rows of an assignment agree on."""
    said = {numbers.read(sheet.get(row, _MOST)) for row in rows}
    return said.pop() or None if len(said) == 1 else None


def _same(before: str, number: str) -> str:
    """Return a number as it stands there already, if it does."""
    return before if numbers.read(before) == numbers.read(number) else number


def _made(asked: Asked) -> bytes:
    """Return an export of the run's students without scores."""
    if asked.match is None and any(each.platform not in _PLAIN for each in asked.grades):
        raise UsageError(
            "the run's keys are a platform's: say by --match student_id that they are nbgrader's "
            "as well, or give --template, " + DOWNLOAD
        )
    if asked.match not in (None, "student_id"):
        raise UsageError(
            f"--match {asked.match}: without a --template, student_id is the only column for keys"
        )
    name = asked.column or asked.title
    lines = [",".join(COLUMNS)]
    for grade in joining.people(asked.grades):
        held = [name, "", "", grade.key, *[""] * 6, numbers.written(grade.max_score)]
        if any(c in text for text in (name, grade.key) for c in ",\r\n"):
            raise UsageError(
                f"{name!r} of {grade.key!r}: nbgrader's export quotes nothing, so that neither may "
                "have a comma or a line's end; use --to csv"
            )
        lines.append(",".join(held))
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


_PLAIN = ("", "files", "folders")
