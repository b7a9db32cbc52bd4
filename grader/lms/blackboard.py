"""Blackboard's Grade Center: downloaded for work offline, filled in, uploaded again.

The download is called `.xls` and is text in UTF-16 with tabs, or CSV; both stay what they are. A
student is found by `Username`, a column by the number after the `|` in its header; a column without
one would become a new one of text, worth nothing, so none is written. Feedback is not written: what
the columns for it are called is not known for sure.
"""

import re

from grader.lms import templates
from grader.lms.exporting import Asked, Exported
from grader.lms.layout import Layout, headers, item, item_of, people
from grader.lms.sheet import Sheet

TITLE = "Blackboard's Grade Center"
DOWNLOAD = "the file that Grade Center > Work Offline > Download gives"
_COLUMN = re.compile(r"(?s).+\[Total Pts: (?P<points>[^\]\s]+)[^\]]*\]\s*\|\s*(?P<id>[0-9]+)")
_NUMBERED = re.compile(r"(?s).+\|\s*[0-9]+")
_KEYS = ("Username", "Student ID")
_NAMES = ("Last Name", "First Name")
_OTHERS = (*_KEYS, *_NAMES, "Last Access", "Availability")


def export(asked: Asked) -> Exported:
    """Return the download with the grades of one column."""
    layout = templates.template(asked, lambda data: recognise(data, asked.decimal_comma), DOWNLOAD)
    chosen = item_of(layout, asked.column)
    warnings = ["give the file the suffix of the download (.xls or .csv): Blackboard goes by it"]
    return templates.filled(asked, layout, chosen, warnings=warnings)


def recognise(data: bytes, decimal_comma: bool = False) -> Layout | None:
    """Return the table as Blackboard's, None if it is none."""
    sheet = Sheet.read(data)
    titles = headers(sheet)
    keys = {each: titles.index(each) for each in _KEYS if each in titles}
    if "Username" not in keys or not any(map(_NUMBERED.fullmatch, titles)):
        return None
    items = [
        item(column, title, _points(title), decimal_comma=decimal_comma)
        for column, title in enumerate(titles)
        if _NUMBERED.fullmatch(title)
    ]
    numbered = {each.title for each in items}
    return Layout(
        format="blackboard",
        title=TITLE,
        platform="blackboard",
        sheet=sheet,
        rows=tuple(row for row in range(1, len(sheet)) if any(sheet.values(row))),
        keys=keys,
        own="Username",
        items=tuple(items),
        others={
            title: "without |NUMBER at the header's end Blackboard would make a new column of text"
            for title in titles
            if title not in numbered and title not in _OTHERS
        },
        name_of=people(sheet, [titles.index(each) for each in _NAMES if each in titles]),
    )


def _points(title: str) -> str:
    """Return what a header says of the full marks, "" where it does not."""
    found = _COLUMN.fullmatch(title)
    return found["points"] if found else ""
