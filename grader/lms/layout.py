"""What a platform's table is made of: whose the rows are, where keys and grades stand. Pure.

A format's module makes a `Layout` of a table that it recognises; `grader template` shows it, and
`templates` puts a run's grades into it. What is particular to a platform (a cell that means
"excused", a `#` before a key) is the format's own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from grader.errors import UsageError
from grader.lms import numbers
from grader.lms.sheet import Sheet

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is graded: its column, the header or name, the full marks if they are said.

    `rows` are those in which it is graded, None for all. `unread` is what stands there for the
    full marks and is no number.
    """

    column: int
    title: str
    maximum: Fraction | None = None
    rows: tuple[int, ...] | None = None
    unread: str = ""


def item(column: int, title: str, says: str, *, decimal_comma: bool = False) -> Item:
    """Return an item, given what the table says about its full marks ("" for nothing).

    Full marks of 0 are none that anything could be scaled to.
    """
    maximum = numbers.read(says, decimal_comma=decimal_comma)
    return Item(column, title, maximum or None, unread=says.strip() if maximum is None else "")


@dataclass(frozen=True, slots=True)
class Layout:
    """A table as one platform's, with its headers in the first row.

    `format` is what `grader export --to` calls it, `platform` what an intake calls the platform
    (`own` is then the header under which the intake's keys stand, "" where they stand nowhere, for
    the reason `apart`). `keys` are the columns by which students can be found, by header; `key_of`
    returns the key in a cell of theirs, `name_of` a row's name. `others` are headers that are no
    item, with the reason. `language` is that of the headers.
    """

    format: str
    title: str
    platform: str
    sheet: Sheet
    rows: tuple[int, ...]
    keys: Mapping[str, int]
    own: str
    items: tuple[Item, ...]
    name_of: Callable[[int], str] | None = None
    key_of: Callable[[str], str] = str.strip
    others: Mapping[str, str] = field(default_factory=dict)
    feedback: str | None = None
    language: str = "English"
    apart: str = ""
    notes: tuple[str, ...] = ()


def item_of(layout: Layout, wanted: str | None) -> Item:
    """Return the item that is meant: by its header, or by a part that says it alone.

    `UsageError` where that is none or several.
    """
    if wanted is None:
        if len(layout.items) == 1:
            return layout.items[0]
        raise UsageError(
            f"say by --column which of the {len(layout.items)} items of {layout.title} is "
            f"meant: {listed([each.title for each in layout.items])}"
        )
    found = [each for each in layout.items if each.title == wanted] or [
        each for each in layout.items if wanted.casefold() in each.title.casefold()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"--column {wanted!r} could mean {listed([each.title for each in found])}: "
            "give more of the header"
        )
    for title, why in layout.others.items():
        if wanted.casefold() in title.casefold():
            raise UsageError(f"the column {title!r} takes no grades: {why}")
    raise UsageError(
        f"{layout.title} has no column {wanted!r} for grades; it has "
        f"{listed([each.title for each in layout.items])}"
    )


def headers(sheet: Sheet, row: int = 0) -> list[str]:
    """Return the headers in a row, without the blanks around them; [] where there is no row."""
    return [each.strip() for each in sheet.values(row)] if row < len(sheet) else []


def people(sheet: Sheet, columns: Sequence[int]) -> Callable[[int], str] | None:
    """Return what gives a row's name from its columns, None where the table has no names."""
    if not columns:
        return None
    return lambda row: " ".join(sheet.get(row, each) for each in columns).strip()


def formulas(keys: Iterable[str]) -> Iterator[str]:
    """Yield a warning where a spreadsheet would run keys, which nobody may guard: they are keys."""
    dangerous = [key for key in keys if key.lstrip(" \n")[:1] in _FORMULA_STARTS]
    if dangerous:
        yield (
            f"keys that a spreadsheet would run as a formula: {listed(dangerous)}; they must stay "
            "as they are, so upload the file without opening it in one"
        )


_FORMULA_STARTS = frozenset("=+-@\t\r")


def listed(texts: Sequence[str]) -> str:
    """Return the first of some texts in quotes, and how many more there are."""
    shown = ", ".join(map(repr, texts[:_SHOWN])) or "none"
    return f"{shown} and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else shown
