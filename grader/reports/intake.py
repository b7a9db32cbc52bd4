"""What an import took, skipped and refused: a line each, and a table at the end."""

import io
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.intake import Entry, Note, Taken
from grader.languages import suffixes
from grader.reports import escape
from grader.submission import printable_name

_MOST_LINES = 50
_MOST_REASONS = 3
_MOST_MISSING = 20
_WIDTH = 120


def lines(taken: Taken) -> str:
    """Return a line for each file that was not taken, and why."""
    return _lines("refused", taken.intake.refused) + _lines("skipped", _skipped(taken))


def nothing(taken: Taken, source: Path) -> str:
    """Return what was expected of a source in which nobody has handed anything in."""
    left_out = len(taken.intake.refused) + len(taken.intake.skipped)
    held = f"it holds {left_out} files, none of them anybody's" if left_out else "it is empty"
    return (
        f"nothing was handed in in {escape.line(printable_name(str(source)))}: {held}; expected "
        f"{suffixes()} files, a folder of them for each student, or a platform's download"
    )


def table(taken: Taken, out: Path, *, with_roster: bool) -> str:
    """Return what was taken in numbers, and where it is."""
    text = io.StringIO()
    console = Console(width=_WIDTH, file=text, color_system=None)
    made = Table("", "students", "files", "", box=SIMPLE)
    for name, students, files, why in _rows(taken, with_roster):
        made.add_row(name, students, files, Text(why))
    console.print(made)
    rows = [row.rstrip() for row in text.getvalue().splitlines() if row.strip()]
    return "\n".join([*rows, "", f"written to {escape.line(printable_name(str(out)))}", ""])


def _rows(taken: Taken, with_roster: bool) -> Iterable[tuple[str, str, str, str]]:
    here = [entry for entry in taken.intake.entries if entry.id in taken.here]
    source = taken.intake.source
    yield _row("taken", here, f"{source.platform}: {source.why}")
    yield _row("new", [entry for entry in here if entry.id in taken.fresh], "")
    yield _row("late", [entry for entry in here if entry.late], "")
    if empty := [entry for entry in here if not entry.files]:
        yield _row("no source", empty, _some(sorted({entry.key for entry in empty})))
    if missing := taken.intake.missing:
        yield "missing", str(len(missing)), "", _some(missing)
    if strangers := [entry for entry in here if with_roster and entry.enrolled is None]:
        keys = _some(sorted({entry.key for entry in strangers}))
        yield _row("not in roster", strangers, keys)
    for name, notes in (("skipped", _skipped(taken)), ("refused", taken.intake.refused)):
        yield name, "", str(len(notes)), _reasons(notes)


def _row(name: str, entries: Sequence[Entry], why: str) -> tuple[str, str, str, str]:
    students = len({entry.student for entry in entries})
    return name, str(students), str(sum(len(entry.files) for entry in entries)), why


def _skipped(taken: Taken) -> list[Note]:
    """Return what was skipped: nobody's, and students' files that were not refused."""
    refused = {note.reason for note in taken.intake.refused}
    of_students = [
        Note(f"{note.name} of {entry.key}", note.reason)
        for entry in taken.intake.entries
        if entry.id in taken.here
        for note in entry.skipped
        if note.reason not in refused
    ]
    return [*taken.intake.skipped, *of_students]


def _lines(what: str, notes: Sequence[Note]) -> str:
    shown = [f"{what} {escape.line(note.name)}: {note.reason}" for note in notes[:_MOST_LINES]]
    if len(notes) > _MOST_LINES:
        shown.append(f"… and {len(notes) - _MOST_LINES} more {what}; manifest.json has all")
    return "".join(f"{each}\n" for each in map(_safe, shown))


def _safe(text: str) -> str:
    return escape.line(text, 1000)


def _reasons(notes: Iterable[Note]) -> str:
    counts = Counter(note.reason.partition(":")[0] for note in notes)
    return "; ".join(f"{_safe(why)} ({n})" for why, n in counts.most_common(_MOST_REASONS))


def _some(keys: Sequence[str]) -> str:
    shown = ", ".join(map(escape.line, keys[:_MOST_MISSING]))
    return f"{shown} and {len(keys) - _MOST_MISSING} more" if len(keys) > _MOST_MISSING else shown
