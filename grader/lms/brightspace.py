"""Brightspace's gradebook: exported and filled in, or made anew, and imported.

A student is found by `OrgDefinedId` or `Username`, both with a `#` before them in exports; an item
by `NAME Points Grade`, after which an export may say the maximum (`<Numeric MaxPoints:100 …>`).
Every line ends with a `#`. A download of submissions calls students by yet another number, so a run
of one is matched only by a column that the teacher names. The file carries no feedback.
"""

import re
from collections.abc import Sequence

from grader.errors import UsageError
from grader.lms import joining, templates
from grader.lms.exporting import Asked, Exported
from grader.lms.layout import Layout, headers, item, item_of, people
from grader.lms.plain_csv import written
from grader.lms.sheet import Sheet

TITLE = "Brightspace's gradebook"
DOWNLOAD = "the file that Grades > Enter Grades > Export gives, with points grades"
KEYS = ("OrgDefinedId", "Username")
_END = "End-of-Line Indicator"
_KIND = "Points Grade"
_ITEM = re.compile(rf"(?s).+ {_KIND}(?:\s*<(?P<about>.*)>)?")
_MAXIMUM = re.compile(r"MaxPoints:(?P<points>[^\s>]+)")
_GRADE = re.compile(r"(?s).+ (?:Grade Symbol|Text Grade|Points Grade|Grade (?:Num|Denom)inator).*")
_NAMES = ("Last Name", "First Name")


def export(asked: Asked) -> Exported:
    """Return the gradebook with the grades of one item; without a template, one of that alone."""
    if asked.template is None:
        layout = _layout(Sheet.read(_made(asked), ","), asked.decimal_comma)
        chosen = layout.items[0]
    else:
        layout = templates.template(
            asked, lambda data: recognise(data, asked.decimal_comma), DOWNLOAD
        )
        chosen = item_of(layout, asked.column)
    warnings = [
        "Brightspace's CSV carries no feedback",
        "Brightspace caps what is above the item's maximum, unless the item can exceed it",
    ]
    return templates.filled(asked, layout, chosen, warnings=warnings)


def recognise(data: bytes, decimal_comma: bool = False) -> Layout | None:
    """Return the table as Brightspace's gradebook, None if it is none."""
    sheet = Sheet.read(data)
    titles = headers(sheet)
    is_one = _END in titles and any(each in titles for each in KEYS)
    return _layout(sheet, decimal_comma) if is_one else None


def _layout(sheet: Sheet, decimal_comma: bool) -> Layout:
    titles = headers(sheet)
    items = [
        item(column, title, _points(found["about"]), decimal_comma=decimal_comma)
        for column, title in enumerate(titles)
        if (found := _ITEM.fullmatch(title))
    ]
    taken = {each.title for each in items}
    return Layout(
        format="brightspace",
        title=TITLE,
        platform="brightspace",
        sheet=sheet,
        rows=tuple(row for row in range(1, len(sheet)) if any(sheet.values(row))),
        keys={each: titles.index(each) for each in KEYS if each in titles},
        own="",
        apart="Brightspace's downloads call students by a number that its gradebook does not have",
        items=tuple(items),
        others={
            title: f"only a column {_KIND!r} takes points"
            for title in titles
            if _GRADE.fullmatch(title) and title not in taken
        },
        name_of=people(sheet, [titles.index(each) for each in _NAMES if each in titles]),
        key_of=lambda cell: cell.strip().removeprefix("#"),
    )


def _points(about: str | None) -> str:
    """Return what an export's header says of the full marks, "" where it does not."""
    found = _MAXIMUM.search(about or "")
    return found["points"] if found else ""


def _made(asked: Asked) -> bytes:
    """Return a table of the run's students without grades, as Brightspace would take it."""
    if asked.match not in KEYS or not asked.column:
        raise UsageError(
            "without a --template, say what the run's keys are (--match OrgDefinedId or --match "
            "Username) and the item's name (--column); the template would be " + DOWNLOAD
        )
    title = asked.column if _ITEM.fullmatch(asked.column) else f"{asked.column} {_KIND}"
    keys: Sequence[str] = [grade.key for grade in joining.people(asked.grades)]
    return written([[asked.match, title, _END], *([f"#{key}", "", "#"] for key in keys)])
