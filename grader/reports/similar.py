"""The page on likeness: one self-contained HTML file, sources side by side, no script.

Names and sources are students' own: they are shown as text and nothing else, with whatever
is not printable escaped. Says what the page is for and never who did what.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader import fingerprints, similarity
from grader.reports import escape
from grader.similarity import Likeness, Pair, Source

PAGE = "similarity.html"
_MOST_ROWS = 400
_ROWS_BEFORE = 3
_MOST_NAMES = 100
_MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class _Row:
    gutter: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Side:
    name: str
    before: int
    rows: Sequence[_Row]
    after: int


@dataclass(frozen=True, slots=True)
class _Shown:
    score: str
    shared: int
    alone: int
    left: _Side
    right: _Side


@dataclass(frozen=True, slots=True)
class _Cluster:
    size: int
    names: str


def page(found: Likeness, *, starters: int) -> str:
    """Return the HTML page; `starters` is how many starter files were given."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("similar.html").render(
        found=found,
        pairs=[_shown(pair) for pair in found.pairs],
        clusters=[_Cluster(len(names), _listed(names)) for names in found.clusters],
        starters=starters,
        threshold=f"{similarity.THRESHOLD:g}",
        run=fingerprints.RUN,
        common=f"{similarity.COMMON:.0%}",
        few=similarity.FEW,
        kinds=similarity.MOST_KINDS,
    )


def summary(found: Likeness) -> str:
    """Return what was found as a few lines for the terminal."""
    lines = [
        f"{pair.score:.2f}  {escape.line(pair.left.name)}  {escape.line(pair.right.name)}"
        for pair in found.pairs[:_MOST_LINES]
    ]
    if found.found > len(lines):
        lines.append(f"… and {found.found - len(lines)} more")
    count = f"{found.found} pair{'' if found.found == 1 else 's'}"
    lines.append(f"{found.sources} sources, {count} alike: this points, it does not judge")
    return "\n".join(lines) + "\n"


def _listed(names: Sequence[str]) -> str:
    listed = ", ".join(escape.line(name) for name in names[:_MOST_NAMES])
    beyond = len(names) - _MOST_NAMES
    return f"{listed} and {beyond} more" if beyond > 0 else listed


def _shown(pair: Pair) -> _Shown:
    return _Shown(
        score=f"{pair.score:.2f}",
        shared=pair.shared,
        alone=pair.alone,
        left=_side(pair.left, [(each.left, each.sources) for each in pair.passages]),
        right=_side(pair.right, [(each.right, each.sources) for each in pair.passages]),
    )


def _side(source: Source, passages: Sequence[tuple[tuple[int, int], int]]) -> _Side:
    """Return one source's lines, from a little before the first that is alike."""
    lines = re.split(r"\r\n|\n|\r", source.text.rstrip())
    fewest: dict[int, int] = {}
    for (first, last), sources in passages:
        for number in range(first, last + 1):
            fewest[number] = min(sources, fewest.get(number, sources))
    start = max(0, min(fewest, default=1) - 1 - _ROWS_BEFORE) if len(lines) > _MOST_ROWS else 0
    shown = lines[start : start + _MOST_ROWS]
    rows = list(_rows(shown, start + 1, fewest))
    return _Side(escape.line(source.name), start, rows, len(lines) - start - len(shown))


def _rows(lines: Sequence[str], first: int, fewest: dict[int, int]) -> Iterator[_Row]:
    for number, text in enumerate(lines, first):
        sources = fewest.get(number)
        kind = "" if sources is None else "alone" if sources == 2 else "few"
        gutter = f"{number:4} {'' if sources is None else sources:>4}  "
        yield _Row(gutter, escape.line(text.expandtabs(4)), kind)
