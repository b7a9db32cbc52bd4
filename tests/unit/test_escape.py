"""Whatever a submission makes is harmless where it is shown."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reports import escape

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING, st.integers(10, 300))
def test_a_line_is_printable_and_short(text: str, limit: int) -> None:
    shown = escape.line(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit


@given(ANYTHING)
def test_a_line_can_be_escaped_twice(text: str) -> None:
    once = escape.line(text)
    assert once == escape.line(once)


@given(st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=escape.LINE_LIMIT))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert text == escape.line(text)


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b[2J\x1b[1;1H100 of 100",
        "\x9b31mred",
        "\rAccepted",
        "first\nsecond",
        "\u202egnp.exe",
        "\u2066isolate",
        "\u2028line",
        "\ud800",
        "\x07\x08\x7f",
        "\U000e0041tag",
    ],
)
def test_what_moves_a_cursor_or_turns_text_is_spelt_out(hostile: str) -> None:
    shown = escape.line(hostile)
    assert shown.isprintable()
    assert "\\" in shown


@given(ANYTHING)
def test_a_block_is_bounded_and_printable(text: str) -> None:
    lines = escape.block(text * 30)
    assert len(lines) <= escape.BLOCK_LINES + 1
    assert all(line.isprintable() for line in lines)


@given(ANYTHING)
def test_no_cell_is_a_formula_and_every_cell_survives_csv(text: str) -> None:
    cell = escape.cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    file = io.StringIO()
    csv.writer(file).writerow([cell, "next"])
    assert [[cell, "next"]] == list(csv.reader(io.StringIO(file.getvalue())))
