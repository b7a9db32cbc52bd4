"""A table for Moodle's gradebook: for manual items, not for assignments. Pure.

An import that touches an assignment's grade marks it as overridden, and from then on the assignment
itself changes feedback alone: `moodle_worksheet` is for these. One bad row aborts the import of the
whole file (somebody unknown or called twice, a number that is none or too large), so such a row is
refused here. Without a template the table is made anew, with one column for the key; with one, the
gradebook's own export, an item's columns of it are filled.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from grader.errors import UsageError
from grader.intake import moodle_worksheet
from grader.lms import feedback, joining, layout, moodle, plain_csv, templates
from grader.lms.exporting import Asked, Exported
from grader.lms.filling import Skipped, Wanted
from grader.lms.grades import Grade
from grader.lms.layout import Item, Layout
from grader.lms.numbers import read, written
from grader.lms.scaling import for_column, points
from grader.lms.sheet import Sheet

TITLE = "Moodle's gradebook"
DOWNLOAD = "the file that Grades > Export > Plain text file gives, with points ('Real')"
KEYS = ("ID number", "Username", "Email address")
"""By what the import finds people."""

_NAMES = ("First name", "Last name")
_NO_GRADE = ("", "-")
_OTHERS = {
    "(Percentage)": "it holds percentages, no points",
    "(Letter)": "it holds letters, no points",
    "(Feedback)": "it holds feedback",
}


def export(asked: Asked) -> Exported:
    """Return the table; `UsageError` where Moodle would refuse it."""
    moodle.refuse_allowing(asked)
    numbered = any(grade.platform == moodle.PLATFORM for grade in asked.grades)
    if numbered and asked.match != joining.BY_NAME:
        raise UsageError(
            "the run's keys are participants' numbers of one assignment, which Moodle's gradebook "
            "does not know: export --to moodle-worksheet, or give the gradebook's export and "
            "--match name"
        )
    return _made(asked) if asked.template is None else _filled(asked)


# --- A new table ----------------------------------------------------------------------------------


def _made(asked: Asked) -> Exported:
    title = asked.match or KEYS[0]
    if title not in KEYS:
        raise UsageError(
            f"--match {title}: expected {', '.join(KEYS)}, by which Moodle finds people; for "
            "another column give the gradebook's export as --template"
        )
    if asked.missing == "zero":
        raise UsageError(
            "--missing zero: only the gradebook's export says who is missing: give it as --template"
        )
    scaling = for_column(asked, None, "a new item")
    people = list(joining.people(asked.grades))
    scored = [grade for grade in people if grade.score is not None]
    keys = [grade.key for grade in scored]
    _check_keys(keys)
    rows = [(key, written(points(grade, scaling, None), scaling.digits), _said(grade))
            for key, grade in zip(keys, scored, strict=True)]  # fmt: skip
    name = feedback.as_cell(asked.title)
    header = (title, f"{name} grade".strip(), f"{name} feedback".strip())
    # A column of feedback without any would take away what is there.
    width = 3 if any(said for _, _, said in rows) else 2
    data = plain_csv.written([row[:width] for row in (header, *rows)])
    warnings = (*_warnings(asked), *_about_keys(title, keys))
    left = tuple(Skipped(grade.key, grade.why) for grade in people if grade.score is None)
    return Exported(data, warnings=warnings, skipped=left, written=len(scored))


def _check_keys(keys: Sequence[str]) -> None:
    strange = [key for key in keys if not key.isprintable() or not key or key != key.strip()]
    if strange:
        raise UsageError(
            f"{strange[0]!r} can be nobody's key in Moodle, and one that is unknown aborts the "
            "whole import: leave this submission out, or rename its folder"
        )
    twice = _twice(keys)
    if twice:
        raise UsageError(
            f"the run has two grades for {twice[0]!r}, which aborts the whole import: nothing is "
            "written; leave one of them out"
        )


def _about_keys(title: str, keys: Iterable[str]) -> Iterator[str]:
    yield (
        f"on import choose {title!r} under 'Identify user by', and map the other columns; whoever "
        "is not known there aborts it"
    )
    yield from layout.formulas(keys)


# --- The gradebook's own --------------------------------------------------------------------------


def recognise(data: bytes) -> Layout | None:
    """Return a table as the gradebook's export, None where it can be none."""
    sheet = Sheet.read(data)
    titles = layout.headers(sheet)
    if not set(titles) & set(KEYS) or moodle_worksheet.columns(titles) is not None:
        return None
    others = {title: why for title in titles for end, why in _OTHERS.items() if title.endswith(end)}
    about = {*KEYS, *_NAMES}
    items = [
        Item(at, title)
        for at, title in enumerate(titles)
        if title not in others and title not in about
    ]
    names = [titles.index(title) for title in _NAMES if title in titles]
    return Layout(
        format="moodle-gradebook",
        title=TITLE,
        platform=moodle.PLATFORM,
        sheet=sheet,
        rows=tuple(row for row in range(1, len(sheet)) if any(sheet.values(row))),
        keys={title: titles.index(title) for title in KEYS if title in titles},
        own="",
        items=tuple(items),
        name_of=layout.people(sheet, names),
        others=others,
        apart="the gradebook knows people by keys that no platform's download has",
    )


def _filled(asked: Asked) -> Exported:
    table = templates.template(asked, recognise, DOWNLOAD)
    item = layout.item_of(table, asked.column)
    titles = layout.headers(table.sheet)
    _check_rows(table, asked.match)
    at_feedback = _feedback_column(titles, item.title)

    def cells(_: int, grade: Grade, number: str) -> Wanted:
        said = {} if at_feedback is None or not _said(grade) else {at_feedback: _said(grade)}
        return {item.column: number, **said}

    warnings = list(_warnings(asked))
    if at_feedback is None and any(grade.feedback for grade in asked.grades):
        warnings.append(
            f"the table has no column for the feedback on {item.title!r}, so grades alone are "
            "written: tick 'Include feedback in export' in Moodle and export it again"
        )
    exported = templates.filled(asked, table, item, cells=cells, warnings=warnings)
    for row in table.rows:
        _check_number(table.sheet.get(row, item.column), row, asked)
    return exported


def _feedback_column(titles: Sequence[str], item: str) -> int | None:
    """Return where the feedback on an item stands: as Moodle calls it, or as `_made` does."""
    named = (
        f"{item.removesuffix('(Real)').rstrip()} (Feedback)",
        f"{item.removesuffix('grade').rstrip()} feedback",
    )
    return next((titles.index(each) for each in named if each in titles), None)


def _check_rows(table: Layout, match: str | None) -> None:
    """Refuse a table by none of whose columns Moodle could find everybody who is in it."""
    titles = [title for title in table.keys if title == match] or list(table.keys)
    faults = [_fault(table, title) for title in titles]
    if all(faults):
        raise UsageError(
            f"{faults[0]}, and one such row aborts the whole import: take it out, or name another "
            "column by --match"
        )


def _fault(table: Layout, title: str) -> str:
    cells = {row: table.sheet.get(row, table.keys[title]).strip() for row in table.rows}
    blank = [row + 1 for row, cell in cells.items() if not cell]
    if blank:
        return f"row {blank[0]} of the table has no {title!r}"
    twice = _twice(list(cells.values()))
    return f"two rows of the table have the {title!r} {twice[0]!r}" if twice else ""


def _check_number(cell: str, row: int, asked: Asked) -> None:
    bare = cell.strip()
    number = read(bare, decimal_comma=asked.decimal_comma)
    most = asked.scaling.maximum
    if bare in _NO_GRADE or (number is not None and (most is None or number <= most)):
        return
    limit = "" if most is None else f" up to {written(most)}"
    raise UsageError(
        f"row {row + 1} of the table has the grade {bare!r}; expected a number{limit} with '.' "
        "(--decimal-comma where your Moodle writes ','), '-' or nothing: Moodle would refuse the "
        "whole file"
    )


# --- Both -----------------------------------------------------------------------------------------


def _maxima(asked: Asked) -> list[Fraction]:
    return sorted({asked.scaling.maximum or grade.max_score for grade in asked.grades})


def _said(grade: Grade) -> str:
    return moodle.as_html(grade.feedback) if grade.feedback.strip() else ""


def _twice(keys: Sequence[str]) -> list[str]:
    """Return keys that stand twice; Moodle knows most of them in any case."""
    return [key for key, count in Counter(map(str.casefold, keys)).items() if count > 1]


def _warnings(asked: Asked) -> Iterator[str]:
    yield (
        "an import into an assignment's column marks its grades as overridden: from then on the "
        "assignment changes feedback alone; use this for manual items, and moodle-worksheet for "
        "assignments"
    )
    yield (
        f"the grades are out of {', '.join(map(written, _maxima(asked)))}: the item has to have "
        "that maximum (a new one has 100), or give --scale-to; one grade above it aborts the import"
    )
