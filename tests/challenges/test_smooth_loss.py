"""What holds for `smoothLoss` alone: its statement's numbers, the sizes of its long curves."""

import re
from typing import Any

import numpy as np

from grader.catalog import Catalog
from grader.spec import Grows, Relates
from grader.values import encode
from grader.values.limits import MAX_BYTES

LOADED = Catalog().load("smoothLoss")
CHALLENGE = LOADED.challenge
HALF_A_DIGIT = 0.5000001e-6


def table() -> list[list[float]]:
    """Return the rows of the worked example: t, loss, average, correction, smoothed."""
    statement = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+ \|.*)\|$", statement, re.MULTILINE)
    return [[float(cell) for cell in row.split("|")] for row in rows]


def check_of(name: str) -> Any:
    (group,) = (group for group in CHALLENGE.groups if group.name == name)
    return group.check


def test_the_statements_table_is_what_the_reference_computes() -> None:
    rows = table()
    smoothed = CHALLENGE.reference([row[1] for row in rows], 0.9)
    average = 0.0
    for row, value in zip(rows, smoothed, strict=True):
        t, loss, *shown = row
        average = 0.9 * average + (1 - 0.9) * loss
        correction = 1 - 0.9**t
        np.testing.assert_allclose(shown, [average, correction, value], rtol=0, atol=HALF_A_DIGIT)
        np.testing.assert_allclose(average / correction, value, rtol=1e-15)
    assert [1, 2, 3, 4] == [row[0] for row in rows]


def test_the_statements_example_is_a_visible_case() -> None:
    (case,) = (
        case
        for group in CHALLENGE.groups
        for case in group.cases
        if case.name == "the statement's example"
    )
    rows = table()
    assert ([row[1] for row in rows], 0.9) == case.args
    statement = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    answer = [round(value, 6) for value in CHALLENGE.reference(*case.args)]
    assert f"returns about `{answer}`" in statement


def test_the_relation_holds_for_the_reference() -> None:
    check = check_of("another-unit")
    assert isinstance(check, Relates)
    args = ([4.0, 2.5, 3.25], 0.75)
    expected = check.expected(CHALLENGE.reference(*args), *args)
    np.testing.assert_allclose(CHALLENGE.reference(*check.second(*args)), expected, rtol=1e-14)


def test_a_long_curve_fits_into_a_message_however_its_answer_is_kept() -> None:
    check = check_of("long-curves")
    assert isinstance(check, Grows)
    largest = check.make(max(check.sizes))
    assert len(encode(largest)) <= MAX_BYTES
    answer = CHALLENGE.reference(*largest)
    assert len(encode([np.array(value) for value in answer])) <= CHALLENGE.limits.result_bytes
