"""Moodle's grading worksheet as a table that is recognised; `moodle_worksheet` fills it in. Pure.

Moodle writes the headers in the language of whoever downloads the worksheet, and reads them only in
that of whoever uploads it; in a language that is not in `intake.moodle_worksheet` it is not known.
"""

from grader.intake import moodle_worksheet
from grader.lms.layout import Layout, headers, item, people
from grader.lms.sheet import Sheet

TITLE = "Moodle's grading worksheet"
DOWNLOAD = "the file that the assignment's Download grading worksheet gives"


def recognise(data: bytes) -> Layout | None:
    """Return the table as Moodle's worksheet, None if it is none or in another language."""
    sheet = Sheet.read(data)
    titles = headers(sheet)
    columns = moodle_worksheet.columns(titles)
    if columns is None:
        return None
    rows = tuple(row for row in range(1, len(sheet)) if any(sheet.values(row)))
    full = "" if columns.maximum is None or not rows else sheet.get(rows[0], columns.maximum)
    name = columns.name if columns.group is None else columns.group
    return Layout(
        format="moodle-worksheet",
        title=TITLE,
        platform="moodle",
        sheet=sheet,
        rows=rows,
        keys={titles[columns.identifier]: columns.identifier},
        own=titles[columns.identifier],
        items=(item(columns.grade, titles[columns.grade], full, decimal_comma=True),),
        name_of=people(sheet, () if name is None else (name,)),
        feedback=None if columns.feedback is None else titles[columns.feedback],
        language=columns.words.language,
    )
