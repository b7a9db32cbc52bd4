"""A batch at a glance: a table of the submissions while they are few, and the verdicts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.discovery import Skipped
from grader.intake.attendance import Attendance
from grader.reports import escape
from grader.reports.words import colour, points, words
from grader.store import Mark
from grader.submission import printable_name
from grader.verdict import Verdict

MOST_ROWS = 60
_MOST_SKIPPED = 20
_MOST_COMMON = 8
_LOG_WIDTH = 120


def show(rows: Sequence[Mark], out: Path) -> None:
    """Print the table (if it fits), the verdicts and explanations counted, where the files are."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_LOG_WIDTH)
    if len(rows) <= MOST_ROWS:
        console.print(_table(rows))
    counts = Counter(row.verdict for row in rows)
    tally = [f"{counts[verdict]} {words(verdict)}" for verdict in Verdict if counts[verdict]]
    console.print(Text(f"{len(rows)} graded: {', '.join(tally)}"), soft_wrap=True)
    if common := _common(rows):
        console.print(Text(f"most often: {common}"), soft_wrap=True)
    console.print(Text(f"written to {escape.line(printable_name(str(out)))}"), soft_wrap=True)


def _common(rows: Sequence[Mark]) -> str:
    """Return what several submissions have in common: what the class has not understood."""
    counts = Counter(row.diagnosis for row in rows if row.diagnosis)
    often = [(name, count) for name, count in counts.most_common(_MOST_COMMON) if count > 1]
    return ", ".join(f"{escape.line(name)} ({count})" for name, count in often)


def skipped(files: Sequence[Skipped]) -> str:
    """Return the files that are no submissions, a line each, and their count."""
    lines = [
        f"skipped {escape.line(printable_name(str(each.path)))}: {each.reason}"
        for each in files[:_MOST_SKIPPED]
    ]
    if len(files) > _MOST_SKIPPED:
        lines.append(f"… and {len(files) - _MOST_SKIPPED} more")
    return "\n".join([*lines, f"{len(files)} files skipped", ""]) if files else ""


def attendance(found: Attendance) -> str:
    """Return who has handed in nothing, and whom the roster does not know; a line for each."""
    missing = [each.key for each in found.missing()]
    lines = []
    if missing:
        lines.append(f"{len(missing)} of the class have handed in nothing: {_some(missing)}")
    if found.strangers:
        count = len(found.strangers)
        lines.append(f"{count} who have handed in are not in the roster: {_some(found.strangers)}")
    return "".join(f"{each}\n" for each in lines)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(map(escape.line, names[:_MOST_SKIPPED]))
    more = len(names) - _MOST_SKIPPED
    return f"{shown} and {more} more" if more > 0 else shown


def without_a_mark(reasons: Mapping[str, str]) -> str:
    """Return the submissions without a mark by no fault of theirs, a line each, and a count."""
    if not reasons:
        return ""
    lines = [f"no mark: {escape.line(name)}: {escape.line(why, 300)}"
             for name, why in list(reasons.items())[:_MOST_SKIPPED]]  # fmt: skip
    if len(reasons) > _MOST_SKIPPED:
        lines.append(f"… and {len(reasons) - _MOST_SKIPPED} more")
    return "\n".join(
        [
            *lines,
            f"{len(reasons)} submissions have no mark, by no fault of theirs; start the batch "
            "again to try them once more, with --retry if they have had three tries",
            "",
        ]
    )


def stopped(marked: int, count: int) -> str:
    """Say what a stopped batch leaves, and how it goes on."""
    return f"stopped: {marked} of {count} are graded and kept; the same command goes on\n"


def _table(rows: Sequence[Mark]) -> Table:
    several = len({row.challenge for row in rows}) > 1
    table = Table(box=SIMPLE)
    table.add_column("submission", overflow="fold")
    if several:
        table.add_column("challenge", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    table.add_column("points", no_wrap=True)
    table.add_column("first diagnosis", overflow="fold")
    for row in rows:
        table.add_row(
            Text(escape.line(row.name)),
            *([Text(row.challenge)] if several else []),
            Text(words(Verdict(row.verdict)), style=colour(Verdict(row.verdict)) or ""),
            Text(points(row.score, row.max_score)),
            Text(escape.line(row.diagnosis)),
        )
    return table
