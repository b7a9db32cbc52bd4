"""A table gets a run's grades by key, and nothing else of it changes."""

from fractions import Fraction

import pytest

from grader.errors import UsageError
from grader.lms import filling
from grader.lms.filling import Cell, Skipped
from grader.lms.grades import Grade
from grader.lms.numbers import written
from grader.lms.sheet import Sheet

TABLE = b"id,name,grade\n1,Ada,\n2,Bo,5\n3,Cy,\n"


def grade(key: str, score: int | None, why: str = "") -> Grade:
    exact = None if score is None else Fraction(score)
    return Grade("", key, None, (), exact, Fraction(10), None, None, (), why=why)


def fill(table: bytes, *grades: Grade) -> filling.Filled:
    sheet = Sheet.read(table)
    return filling.fill(
        sheet,
        range(1, len(sheet)),
        lambda row: sheet.get(row, 0),
        grades,
        lambda _, grade: {2: written(grade.score or Fraction(0))},
    )


def test_rows_are_set_left_or_skipped_with_a_reason() -> None:
    filled = fill(TABLE, grade("1", 7), grade("2", 5), grade("9", 1), grade("3", None, "why not"))
    assert b"id,name,grade\n1,Ada,7\n2,Bo,5\n3,Cy,\n" == filled.sheet.to_bytes()
    assert [Cell("1", "grade", "", "7")] == filled.cells
    assert 1 == filled.unchanged
    assert [Skipped("3", "why not"), Skipped("9", "no row of the table has this key")] == (
        filled.skipped
    )
    assert 0 == filled.unknown


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="two rows with the key '1'"):
        fill(TABLE + b"1,Ada again,\n", grade("1", 7))
    with pytest.raises(UsageError, match="two grades for the key '1'"):
        fill(TABLE, grade("1", 7), grade("1", 8))
