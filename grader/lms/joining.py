"""Which grade belongs to which row of a platform's table. Pure.

A run that was imported from the platform has its keys, and they stand in one column. A run of
plain files or folders, or of another platform, has not: then the teacher says in which column the
run's keys stand. Names are matched only where that is asked for, and never where one could mean
two: the wrong one of two people must not get a grade.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from grader import languages
from grader.errors import UsageError
from grader.lms.exporting import Asked
from grader.lms.grades import Grade
from grader.lms.layout import Layout

BY_NAME = "name"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Joined:
    """How a row's key is read, and the grades by keys of that kind."""

    key_of: Callable[[int], str]
    grades: Sequence[Grade]


def joined(asked: Asked, layout: Layout, rows: Iterable[int]) -> Joined:
    """Return how the rows and the grades find each other; `UsageError` where that is not plain."""
    if asked.match == BY_NAME:
        return _by_name(asked, layout, rows)
    title = layout.own if asked.match is None else _header(asked.match, layout)
    if asked.match is None:
        _require_own(asked, layout)
    column = layout.keys[title]
    sheet, read = layout.sheet, layout.key_of
    return Joined(lambda row: read(sheet.get(row, column)), list(people(asked.grades)))


def people(grades: Iterable[Grade]) -> Iterator[Grade]:
    """Yield a grade for each person: a team's for each of its members, as far as they are known."""
    for grade in grades:
        if grade.members:
            yield from (replace(grade, key=key, members=(), name=None) for key in grade.members)
        else:
            yield replace(grade, key=person(grade))


def person(grade: Grade) -> str:
    """Return whose a grade is: of a plain file its name without suffix, in a folder the folder's.

    >>> from dataclasses import replace as with_
    >>> from fractions import Fraction
    >>> ada = Grade("", "ada.py", None, (), None, Fraction(1), None, None, ())
    >>> person(ada), person(with_(ada, key="ada/hw1.py")), person(with_(ada, platform="files"))
    ('ada', 'ada', 'ada.py')
    >>> person(with_(ada, key="ada@example.org"))
    'ada@example.org'
    """
    if grade.platform:
        return grade.key
    folder, slash, _ = grade.key.partition("/")
    if slash:
        return folder
    suffixes = (suffix for each in languages.languages() for suffix in each.suffixes)
    found = next((each for each in suffixes if folder.lower().endswith(each)), "")
    return folder[: len(folder) - len(found)] or folder


def comparable(name: str) -> str:
    """Return a name as it is compared: letters and digits, small, word by word in one order.

    So it does not matter that Canvas writes one that looks like a formula as `="=…"`.

    >>> comparable("Lovelace, Ada") == comparable("ADA  Lovelace")
    True
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    words = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in plain).split()
    return " ".join(sorted(words))


def _by_name(asked: Asked, layout: Layout, rows: Iterable[int]) -> Joined:
    name_of = layout.name_of
    if name_of is None:
        raise UsageError(f"--match name: {layout.title} has no names; match by {_columns(layout)}")
    in_table = [comparable(name_of(row)) for row in rows]
    # A team's people are known by their keys alone; its own name is none of theirs.
    teams = [grade.key for grade in asked.grades if grade.members]
    if teams:
        raise UsageError(
            f"--match name: {teams[0]!r} is a team, and its people are known by keys: "
            f"match by {_columns(layout)}"
        )
    named = [replace(grade, key=comparable(grade.name or person(grade))) for grade in asked.grades]
    _refuse_ambiguous(in_table, layout.title, layout)
    _refuse_ambiguous([grade.key for grade in named], "the run", layout)
    return Joined(lambda row: comparable(name_of(row)), named)


def _refuse_ambiguous(names: Iterable[str], where: str, layout: Layout) -> None:
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        shown = ", ".join(map(repr, twice[:_SHOWN])) + (", …" if len(twice) > _SHOWN else "")
        raise UsageError(
            f"--match name: {where} has two people called {shown}: nothing is written; match by "
            f"{_columns(layout)}"
        )


def _require_own(asked: Asked, layout: Layout) -> None:
    if not layout.own:
        raise UsageError(f"{layout.apart}; say which by --match: {_columns(layout)}, or name")
    others = sorted({grade.platform for grade in asked.grades} - {layout.platform})
    if others:
        kinds = ", ".join(_KINDS.get(each, f"keys of {each}") for each in others)
        raise UsageError(
            f"the run knows its students by {kinds}, and {layout.title} by {layout.own!r}: say by "
            f"--match in which column those keys stand: {_columns(layout)}, or name"
        )


_KINDS = {
    "": "the names of files and folders",
    "files": "the names of files",
    "folders": "the names of folders",
}


def _header(wanted: str, layout: Layout) -> str:
    found = [title for title in layout.keys if title == wanted] or [
        title for title in layout.keys if title.casefold() == wanted.casefold()
    ]
    if len(found) != 1:
        raise UsageError(
            f"--match {wanted!r}: {layout.title} has no such column for keys; it has "
            f"{_columns(layout)}"
        )
    return found[0]


def _columns(layout: Layout) -> str:
    return ", ".join(map(repr, layout.keys)) or "none"
