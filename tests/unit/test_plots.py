"""Pictures stand in a page: the same text every time, nothing fetched, the page's colours."""

import math
import re
import sys

import pytest

from grader.explanation import Series, Trajectory
from grader.reports.html import plots
from grader.reports.html.statistics import CaseFigures

CASES = [
    CaseFigures("g", "c", judged=4, accepted=a, rest=20, rest_squared=200, rest_accepted=r)
    for a, r in ((1, 10), (2, 20), (3, 10))
]

PATH = Trajectory(
    ("actions", "rewards"),
    2,
    (0, 1, 2, 3),
    (
        Series("[0]", (0.0, 1.0, 1.5, 1.25), (0.0, math.inf, None, -1e300)),
        Series("w[1]", (1.0, 1.0, 1.0, 1.0), (1.5, 2.5, math.nan, 1e90)),
    ),
)


def drawn() -> list[str]:
    """Every kind of picture."""
    pytest.importorskip("matplotlib", reason="the extra `plots` is not installed")
    found = [plots.scores([3, 0, 1]), plots.times([0.01, 0.2, 0.0]), plots.items(CASES, 0.2)]
    found.append(plots.trajectory(PATH))
    return [each for each in found if each is not None]


def test_equal_figures_give_equal_text() -> None:
    first = drawn()
    assert 4 == len(first)
    plots.trajectory.cache_clear()
    assert first == drawn()


def test_a_picture_has_no_date_no_address_and_no_colour_of_its_own() -> None:
    for text in drawn():
        assert text.startswith('<svg role="img" aria-label="')
        assert not re.search(r"https?:|<metadata|<style|<script|font-family|\b20\d\d-\d\d", text)
        assert set(re.findall(r"(?:fill|stroke): ([^;\"]+)", text)) <= {
            *("none", "var(--ink)", "var(--line)", "var(--accent)"),
        }


def test_this_users_settings_change_nothing() -> None:
    before = drawn()
    import matplotlib

    plots.trajectory.cache_clear()
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True}):
        assert before == drawn()


def test_where_nothing_varies_there_is_no_picture() -> None:
    assert plots.items([CaseFigures("g", "c")], 0.2) is None
    assert plots.times([0.0]) is None


def test_without_matplotlib_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert not plots.is_available()
    plots.trajectory.cache_clear()
    assert plots.scores([1, 2]) is plots.trajectory(PATH) is None
    plots.trajectory.cache_clear()
