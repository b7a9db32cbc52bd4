"""What a push did, or would do, as a table; every text in it is made harmless."""

import io
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.lms.numbers import written
from grader.lms.push.target import Outcome, Standing, State
from grader.reports import escape

TROUBLE = frozenset({State.REFUSED, State.UNKNOWN, State.FAILED})
"""What the platform has not got, though it was to have it."""

_MOST_ROWS = 200
_WIDTH = 120
_MOST_WHY = 500


def table(outcomes: Sequence[Outcome], place: str) -> str:
    """Return whose grade changed from what to what, and how many did; the unchanged in number."""
    rows = [each for each in outcomes if each.state is not State.UNCHANGED]
    text = io.StringIO()
    console = Console(width=_WIDTH, file=text, color_system=None)
    if rows:
        console.print(_table(rows[:_MOST_ROWS]))
    shown = [line.rstrip() for line in text.getvalue().splitlines() if line.strip()]
    if len(rows) > _MOST_ROWS:
        shown.append(f"… and {len(rows) - _MOST_ROWS} more")
    return "\n".join([*shown, *_tally(outcomes, place), ""])


def _table(rows: Sequence[Outcome]) -> Table:
    made = Table(box=SIMPLE)
    for title in ("key", "had", "grade", "has", "", "why"):
        made.add_column(title, overflow="fold", no_wrap=title in ("had", "grade", "has"))
    for row in rows:
        made.add_row(
            Text(escape.line(row.key)),
            Text(_had(row.before)),
            Text(_points(row.score, row.maximum)),
            Text(_had(row.after)),
            Text(row.state.value),
            Text(escape.line(row.why, _MOST_WHY)),
        )
    return made


def _tally(outcomes: Sequence[Outcome], place: str) -> list[str]:
    counts = Counter(each.state for each in outcomes)
    told = ", ".join(f"{counts[state]} {state.value}" for state in State if counts[state])
    lines = [f"{told or 'no grades'}: {escape.line(place)}"]
    if counts[State.WOULD_SEND]:
        lines.append("nothing was sent: --yes sends")
    return lines


def _had(standing: Standing | None) -> str:
    return "–" if standing is None else _points(standing.score, standing.maximum)


def _points(score: Fraction | None, maximum: Fraction | None) -> str:
    if score is None:
        return "–"
    return written(score) if maximum is None else f"{written(score)} of {written(maximum)}"
