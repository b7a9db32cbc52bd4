"""What holds for `stepDecay` alone: its statement's numbers, its relations, its refusals."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.catalog import Catalog, Loaded
from grader.spec import Args, Group, Raises, Relates

LOADED = Catalog().load("stepDecay")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
BASE, FACTOR, EVERY = 0.4, 0.5, 3
SMALLEST = 1e-9


def table(loaded: Loaded) -> list[tuple[int, int, str]]:
    """Return the rows of the worked example: epoch, drops so far, lr as it is shown."""
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (\d+) \| ([\d.]+) \|$", statement, re.MULTILINE)
    return [(int(epoch), int(drops), lr) for epoch, drops, lr in rows]


def args_of(group: Group) -> Iterator[Args]:
    """Yield the arguments of a group's cases, some of the drawn ones as well."""
    rng = np.random.default_rng(7)
    yield from (case.args for case in group.cases)
    for _ in range(group.draws):
        assert group.generate is not None
        yield from group.generate(rng)


def test_the_statements_table_is_what_the_reference_computes() -> None:
    rows = table(LOADED)
    assert [epoch for epoch, _, _ in rows] == list(range(10))
    for epoch, drops, shown in rows:
        assert f"{REFERENCE(epoch, BASE, FACTOR, EVERY):.6f}" == shown
        # The number of drops shows where every drop doubles a base of 1.
        assert REFERENCE(epoch, 1, 2, EVERY) == 2**drops


def test_the_statements_example_is_a_visible_case() -> None:
    example = LOADED.challenge.groups[0]
    (args,) = (case.args for case in example.cases if case.name == "the statement's example")
    statement = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    assert args == (7, BASE, FACTOR, EVERY)
    assert f"`stepDecay{args}` returns `{REFERENCE(*args)}`" in statement
    assert f"`baseLr = {BASE}`, `factor = {FACTOR}`, `every = {EVERY}`" in statement


def test_the_reference_keeps_its_relations() -> None:
    kept = 0
    for group in LOADED.challenge.groups:
        if isinstance(group.check, Relates):
            for args in args_of(group):
                first, second = REFERENCE(*args), REFERENCE(*group.check.second(*args))
                assert second == pytest.approx(group.check.expected(first, *args))
                assert second != pytest.approx(first)
                kept += 1
    assert kept > 4


def test_the_reference_refuses_what_the_statement_says_it_refuses() -> None:
    (group,) = (each for each in LOADED.challenge.groups if isinstance(each.check, Raises))
    given = list(args_of(group))
    assert {0, -1} <= {args[-1] for args in given}
    for args in given:
        assert args[-1] <= 0
        with pytest.raises(ValueError, match="every"):
            REFERENCE(*args)


def test_no_rate_is_too_small_to_be_told_from_0() -> None:
    """An absolute tolerance would let 0 pass for a smaller one, and float32 would lose it."""
    rates = [
        REFERENCE(*args)
        for group in LOADED.challenge.groups
        if not isinstance(group.check, Raises)
        for args in args_of(group)
    ]
    assert SMALLEST < min(rates) < 1e-6
    assert max(rates) < 1e3
