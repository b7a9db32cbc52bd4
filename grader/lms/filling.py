"""A platform's table with a run's grades in it: which row gets which, and what stays as it is.

A row is found by a key that the platform gave, never by a name unless the teacher asks for it. Two
rows with one key, or two grades, are refused whole: the wrong one of two people must not get a
grade. Rows without a grade stay as they are, and so do all cells but those that a format names; a
grade without a row is listed, never added.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grader.errors import UsageError
from grader.lms.grades import Grade
from grader.lms.sheet import Sheet

_SHOWN = 5


class Skipped(NamedTuple):
    """A key whose grade was not written, and why."""

    key: str
    why: str


class Cell(NamedTuple):
    """One cell that changes: whose, in which column (by its header), from what to what."""

    key: str
    column: str
    before: str
    after: str


@dataclass(slots=True)
class Filled:
    """What came of filling a table. `unknown` counts the rows for which there was no grade."""

    sheet: Sheet
    cells: list[Cell] = field(default_factory=list)
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    unknown: int = 0

    @property
    def keys(self) -> list[str]:
        """Whose rows change, each once."""
        return list(dict.fromkeys(cell.key for cell in self.cells))


Wanted = Mapping[int, str]
"""By column: what a cell is to hold."""


def fill(
    sheet: Sheet,
    rows: Iterable[int],
    key_of: Callable[[int], str],
    grades: Iterable[Grade],
    cells_of: Callable[[int, Grade], Wanted | str],
    *,
    header: int = 0,
) -> Filled:
    """Set the cells of each row whose key has a grade.

    `cells_of` returns what the row's cells are to hold, or why it is to be skipped. `UsageError`
    where a key stands twice, in the table or among the grades.
    """
    keyed = by_key(grades)
    at = {row: key_of(row) for row in rows}
    _refuse_twice([key for key in at.values() if key], "the table has two rows with the key")
    filled = Filled(sheet)
    titles = sheet.values(header) if len(sheet) else []
    met = set()
    for row, key in at.items():
        grade = keyed.get(key) if key else None
        if grade is None:
            filled.unknown += 1
            continue
        met.add(key)
        if grade.score is None:
            filled.skipped.append(Skipped(key, grade.why))
            continue
        wanted = cells_of(row, grade)
        if isinstance(wanted, str):
            filled.skipped.append(Skipped(key, wanted))
            continue
        changes = 0
        for column, value in wanted.items():
            before = sheet.get(row, column)
            if sheet.set(row, column, value):
                title = titles[column] if column < len(titles) else str(column + 1)
                filled.cells.append(Cell(key, title, before, value))
                changes += 1
        filled.unchanged += not changes
    missing = [key for key in keyed if key not in met]
    filled.skipped += [Skipped(key, "no row of the table has this key") for key in missing]
    return filled


def by_key(grades: Iterable[Grade]) -> dict[str, Grade]:
    """Return grades by key; `UsageError` where two have one."""
    found = list(grades)
    _refuse_twice([grade.key for grade in found], "the run has two grades for the key")
    return {grade.key: grade for grade in found}


def column_of(titles: Sequence[str], wanted: str, what: str) -> int:
    """Return where a header stands; `UsageError` where it stands nowhere or twice."""
    found = [at for at, title in enumerate(titles) if title == wanted]
    if len(found) == 1:
        return found[0]
    shown = ", ".join(map(repr, titles)) or "no column"
    how = "twice" if found else "nowhere"
    raise UsageError(f"the {what} column {wanted!r} is {how} in the table; it has {shown}")


def _refuse_twice(keys: Sequence[str], what: str) -> None:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        shown = ", ".join(map(repr, twice[:_SHOWN])) + (", …" if len(twice) > _SHOWN else "")
        raise UsageError(f"{what} {shown}: nothing is written; make each key stand once")
