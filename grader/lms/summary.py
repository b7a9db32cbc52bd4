"""What an export has set, left and skipped, and what a table is, in lines for the teacher.

Keys and headers are the platform's or a student's text: they are shown with escapes.
"""

from collections.abc import Iterator, Sequence

from grader.lms import numbers
from grader.lms.exporting import Exported
from grader.lms.filling import Skipped
from grader.lms.layout import Layout
from grader.reports import escape

_MOST_SKIPPED = 20
_WIDTH = 300


def counts(exported: Exported) -> str:
    """Return what the file changes in numbers."""
    left_out = len(exported.left_out)
    filled = exported.filled
    if filled is None:
        return f"will set {exported.written}, skipped {left_out}"
    unknown = filled.unknown
    others = f"; rows without a grade in this run, left as they are: {unknown}" if unknown else ""
    return f"will set {len(filled.keys)}, unchanged {filled.unchanged}, skipped {left_out}{others}"


def lines(exported: Exported) -> str:
    """Return the numbers, each grade that was skipped and why, and the format's warnings."""
    told = [
        counts(exported),
        *_skipped(exported.left_out),
        *(f"note: {each}" for each in exported.warnings),
    ]
    return _joined(told)


def table(layout: Layout) -> str:
    """Return what a table was recognised as, and what would be written into it."""
    return _joined(list(_table(layout)))


def _table(layout: Layout) -> Iterator[str]:
    sheet = layout.sheet
    delimiter = {"\t": "tab"}.get(sheet.delimiter, sheet.delimiter)
    mark = " with a byte order mark" if sheet.mark else ""
    quotes = "; nothing is quoted" if sheet.bare else "; every cell is quoted" * sheet.quoted
    yield f"{layout.title}: grader export RUN --to {layout.format} --template FILE"
    yield f"  text      {sheet.encoding}{mark}; delimiter {delimiter}{quotes}"
    yield f"  headers   {layout.language}"
    yield f"  students  {len(layout.rows)}"
    own = f"{layout.own!r}" if layout.own else f"none: {layout.apart}"
    yield f"  key       {own}"
    by_name = ", name" if layout.name_of is not None else ""
    yield f"  --match   {', '.join(map(repr, layout.keys))}{by_name}"
    for item in layout.items:
        full = "" if item.maximum is None else f", out of {numbers.written(item.maximum)}"
        unread = f", out of {item.unread!r}, which is no number" if item.unread else ""
        yield f"  grade     {item.title!r}{full}{unread}"
    for title, why in layout.others.items():
        yield f"  no grade  {title!r}: {why}"
    yield f"  feedback  {repr(layout.feedback) if layout.feedback else 'no column for it is known'}"
    yield from (f"  note      {each}" for each in layout.notes)


def _skipped(skipped: Sequence[Skipped]) -> Iterator[str]:
    for key, why in skipped[:_MOST_SKIPPED]:
        yield f"skipped {escape.line(key)}: {why}"
    if len(skipped) > _MOST_SKIPPED:
        yield f"… and {len(skipped) - _MOST_SKIPPED} more skipped"


def _joined(told: Sequence[str]) -> str:
    return "".join(f"{escape.line(each, _WIDTH)}\n" for each in told)
