"""Canvas' gradebook: exported, filled in, imported again.

Facts by its importer's source: a student is found by `ID`, an assignment by the number at its
header's end; without one a new assignment would be made, so no such column is written. `EX` excuses
a student and `N/A` says that the assignment is not theirs: neither is overwritten. Columns that are
computed or read only are ignored there, and refused here. A `,` in a number is a decimal point to
Canvas wherever it stands last, so numbers have `.` alone. The file carries no feedback.
"""

import re
from collections.abc import Sequence

from grader.lms import templates
from grader.lms.exporting import Asked, Exported
from grader.lms.layout import Layout, headers, item, item_of, people
from grader.lms.sheet import Sheet

TITLE = "Canvas' gradebook"
DOWNLOAD = "the file that Grades > Export > Export Entire Gradebook gives"
_ASSIGNMENT = re.compile(r"(?s).+\s\([0-9]+\)")
_COMPUTED = re.compile(r"(?:Current|Final) (?:Score|Points|Grade)|Override (?:Score|Grade|Status)")
_NO_STUDENT = re.compile(r"(?i)\s*(?:Muted|Manual Posting.*)?\s*", re.DOTALL)
_POINTS = "Points Possible"
_READ_ONLY = "read only"
_KEYS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")


def export(asked: Asked) -> Exported:
    """Return the gradebook with the grades of one assignment."""
    layout = templates.template(asked, lambda data: recognise(data, asked.decimal_comma), DOWNLOAD)
    chosen = item_of(layout, asked.column)
    warnings = [
        "Canvas' CSV carries no feedback: `grader push canvas` can send it",
        "the other columns are as they were downloaded: what has changed since, Canvas would set "
        "back; import the file soon, and look at the changes that it shows",
    ]
    if _posted_by_hand(layout, chosen.column):
        warnings.append("this assignment's grades stay hidden until you post them")
    return templates.filled(asked, layout, chosen, refused=_refused, warnings=warnings)


def recognise(data: bytes, decimal_comma: bool = False) -> Layout | None:
    """Return the table as Canvas' gradebook, None if it is none."""
    sheet = Sheet.read(data)
    titles = headers(sheet)
    names = _names(titles)
    if not names or "Section" not in titles:
        return None
    most = _points_row(sheet)
    first = titles.index("Section") + 1
    items, others = [], {}
    for column in range(first, len(titles)):
        title, says = titles[column], "" if most is None else sheet.get(most, column)
        if why := _why_not(title, says):
            others[title] = why
        else:
            items.append(item(column, title, says, decimal_comma=decimal_comma))
    return Layout(
        format="canvas-csv",
        title=TITLE,
        platform="canvas",
        sheet=sheet,
        rows=tuple(row for row in range(1, len(sheet)) if _is_student(sheet, row)),
        keys={each: titles.index(each) for each in _KEYS if each in titles[:first]},
        own="ID",
        items=tuple(items),
        others=others,
        name_of=people(sheet, names),
    )


def _names(titles: Sequence[str]) -> tuple[int, ...]:
    """Return the columns of the name, () where the header is not one that Canvas takes."""
    if len(titles) > 3 and "Student" in titles[0] and titles[1] == "ID":
        return (0,)
    if len(titles) > 4 and titles[:3] == ["LastName", "FirstName", "ID"]:
        return (0, 1)
    return ()


def _why_not(title: str, points: str) -> str:
    """Return why a column takes no grades, "" if it does."""
    if _COMPUTED.search(title):
        return "Canvas computes it"
    if _READ_ONLY in points:
        return "Canvas has it read only"
    if not _ASSIGNMENT.fullmatch(title):
        return "its header has no number in () at its end, so it is no assignment that is there"
    return ""


def _points_row(sheet: Sheet) -> int | None:
    return next((row for row in range(1, len(sheet)) if _POINTS in sheet.get(row, 0)), None)


def _is_student(sheet: Sheet, row: int) -> bool:
    return _POINTS not in sheet.get(row, 0) and not all(
        map(_NO_STUDENT.fullmatch, sheet.values(row))
    )


def _posted_by_hand(layout: Layout, column: int) -> bool:
    students = set(layout.rows)
    return any(
        "posting" in layout.sheet.get(row, column).casefold()
        for row in range(1, len(layout.sheet))
        if row not in students
    )


def _refused(before: str) -> str:
    held = before.strip().upper()
    if held == "EX":
        return "excused in Canvas (EX): empty the cell if the grade is to count"
    if held == "N/A":
        return "not assigned to them in Canvas (N/A)"
    return ""
