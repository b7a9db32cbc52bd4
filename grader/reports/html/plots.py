"""Pictures in a page: SVG by matplotlib where it is installed (extra `plots`), else none.

A figure becomes text that stands in the page itself: equal figures give equal text, without a
date and without any address; its letters are text in the page's font, and its colours are the
page's own (`var(--…)`), so that it follows the reader's light or dark.
"""

import html
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from grader.explanation import Series, Trajectory
from grader.reports import escape
from grader.reports.html.statistics import CaseFigures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

INK, FAINT, ACCENT = "#010203", "#040506", "#070809"
"""Colours to draw with; in the page they are its text, its lines and its accent."""

_IN_THE_PAGE = {INK: "var(--ink)", FAINT: "var(--line)", ACCENT: "var(--accent)"}
_SIZE_INCHES = (4.6, 2.7)
_ROW_INCHES = 1.4
_LARGEST = 1e100
_LONGEST_LABEL = 30
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "grader",
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "DejaVu Sans",  # the one that matplotlib brings: the same widths everywhere
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.color": FAINT,
    "ytick.labelcolor": INK,
}
_ONLY_FOR_A_FILE = re.compile(
    r"""[ ](?:xmlns(?::xlink)?|version)="[^"]*"   # namespaces: HTML knows them
      | [ ]id="[^"]*_\d+"                      # names that nothing refers to
      | font-family:[^;"]*;[ ]?
      | <defs>\s*<style.*?</style>\s*</defs>\s*  # it would style the whole page
    """,
    re.VERBOSE | re.DOTALL,
)


def is_available() -> bool:
    """Tell whether matplotlib is installed and can be imported."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        return False
    return True


def svg(draw: "Callable[[Axes], None]", label: str) -> str | None:
    """Return a picture of what `draw` puts on its axes, for a page; None without matplotlib.

    `label` says in words what there is to see, for whoever does not see it.
    """
    return _picture(lambda figure: draw(figure.add_subplot()), label)


def _picture(
    draw: "Callable[[Figure], None]", label: str, size: tuple[float, float] = _SIZE_INCHES
) -> str | None:
    if not is_available():
        return None
    from matplotlib.figure import Figure

    with _style():
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        return _for_a_page(_drawn(figure), label)


@contextmanager
def _style() -> Iterator[None]:
    """Draw as we do, whatever this user's own settings of matplotlib are."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def _drawn(figure: "Figure") -> str:
    text = StringIO()
    nothing: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    figure.savefig(text, format="svg", transparent=True, metadata=nothing)
    return text.getvalue()


def _for_a_page(drawn: str, label: str) -> str:
    """Take out what only a file of its own needs, and every colour and font but the page's."""
    text = _ONLY_FOR_A_FILE.sub("", drawn[drawn.index("<svg") :])
    for colour, name in _IN_THE_PAGE.items():
        text = text.replace(colour, name)
    return text.replace("<svg", f'<svg role="img" aria-label="{html.escape(label)}"', 1)


def scores(counts: Sequence[int]) -> str | None:
    """Return the distribution of scores, in equal ranges from 0 to 100 %."""
    width = 100 / len(counts)

    def draw(axes: "Axes") -> None:
        lefts = [index * width for index in range(len(counts))]
        bars = axes.bar(lefts, counts, width=width * 0.9, align="edge", color=ACCENT)
        axes.bar_label(bars, [str(count) if count else "" for count in counts], color=INK)
        axes.set(xlabel="points in % of all", ylabel="submissions", xlim=(0, 100))
        axes.margins(y=0.15)
        _whole_numbers(axes)

    return svg(draw, f"Scores: submissions in {len(counts)} ranges from 0 to 100 %: {counts}")


def times(seconds: Sequence[float]) -> str | None:
    """Return the distribution of CPU times, on a logarithmic scale."""
    import numpy as np

    positive = [each for each in seconds if each > 0]
    if not positive:
        return None

    def draw(axes: "Axes") -> None:
        low, high = min(positive), max(positive)
        edges = np.geomspace(low / 1.1, high * 1.1, 16)
        axes.hist(positive, bins=list(edges), color=ACCENT, rwidth=0.9)
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter("")
        axes.set(xlabel="seconds CPU", ylabel="submissions")
        _whole_numbers(axes)

    return svg(draw, f"CPU times from {min(positive):.2g} to {max(positive):.2g} seconds")


def items(cases: Sequence[CaseFigures], doubtful_below: float) -> str | None:
    """Return each case by the share that passes it and by how well it tells who does well."""
    points = [
        (100 * case.share, case.discrimination)
        for case in cases
        if case.share is not None and case.discrimination is not None
    ]
    if not points:
        return None

    def draw(axes: "Axes") -> None:
        axes.axhline(0, color=FAINT, linewidth=1)
        axes.axhline(doubtful_below, color=FAINT, linewidth=1, linestyle="--")
        shares, heights = zip(*points, strict=True)
        axes.scatter(shares, heights, s=18, color=ACCENT, alpha=0.7, linewidths=0)
        axes.set(xlim=(0, 100), ylim=(min(0.0, *heights) - 0.05, 1.05))
        axes.set(xlabel="% of submissions accepted", ylabel="discrimination")

    return svg(draw, f"{len(points)} cases by difficulty and discrimination")


@lru_cache(maxsize=200)
def trajectory(path: Trajectory) -> str | None:
    """Return a submission's path beside that of a right program, a row for each number.

    A class that makes one mistake shares one picture.
    """
    along = _label(" and ".join(path.along))

    def draw(figure: "Figure") -> None:
        rows = figure.subplots(len(path.series), 1, sharex=True, squeeze=False)[:, 0]
        for axes, series in zip(rows, path.series, strict=True):
            _draw_series(axes, path, series)
        rows[-1].set_xlabel(along)
        lines, names = rows[0].get_legend_handles_labels()
        figure.legend(lines, names, loc="outside upper left", ncols=2, frameon=False)

    width, height = _SIZE_INCHES
    label = f"Two lines over {along}: " + "; ".join(map(_told, path.series))
    return _picture(draw, label, (width, height + _ROW_INCHES * (len(path.series) - 1)))


def _draw_series(axes: "Axes", path: Trajectory, series: Series) -> None:
    axes.axvline(path.own, color=FAINT, linewidth=1, linestyle="--")
    axes.plot(path.at, _drawable(series.expected), "o-", color=INK, markersize=7, linewidth=1.5,
              markerfacecolor="none", label="expected")  # fmt: skip
    axes.plot(path.at, _drawable(series.actual), "s-", color=ACCENT, markersize=4, linewidth=2,
              label="yours")  # fmt: skip
    axes.set_ylabel(_label(series.label))
    axes.yaxis.set_major_locator(_few_ticks())
    axes.yaxis.set_major_formatter("{x:.3g}")
    axes.xaxis.set_major_locator(_few_ticks(integer=True))


def _drawable(values: Sequence[float | None]) -> list[float]:
    return [math.nan if each is None or abs(each) > _LARGEST else each for each in values]


def _told(series: Series) -> str:
    """Return the numbers of both lines in words."""
    told = [
        f"{name} {', '.join('none' if each is None else f'{each:.3g}' for each in values)}"
        for name, values in (("expected", series.expected), ("yours", series.actual))
    ]
    return f"{_label(series.label)} {', '.join(told)}".strip()


def _label(text: str) -> str:
    """Return a name in letters that the font has: what is kept of a result may hold anything."""
    return escape.line(text, _LONGEST_LABEL).encode("ascii", "backslashreplace").decode()


def _few_ticks(*, integer: bool = False) -> "MaxNLocator":
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(9 if integer else 5, integer=integer)


def _whole_numbers(axes: "Axes") -> None:
    from matplotlib.ticker import MaxNLocator

    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
