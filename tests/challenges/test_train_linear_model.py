"""What holds for `trainLinearModel` alone: its statement's numbers, arrival whatever the order."""

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.catalog import Catalog
from grader.spec import Args, Group, Holds

LOADED = Catalog().load("trainLinearModel")
CHALLENGE = LOADED.challenge
REFERENCE: Callable[..., Any] = CHALLENGE.reference
HALF_A_DIGIT = 0.5000001e-6


def table() -> list[list[float]]:
    """Return the rows of the worked example: epoch, both gradients, weight, bias."""
    statement = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+ \|.*)\|$", statement, re.MULTILINE)
    return [[float(cell) for cell in row.split("|")] for row in rows]


def example() -> Args:
    (case,) = (
        case
        for group in CHALLENGE.groups
        for case in group.cases
        if case.name == "the statement's example"
    )
    return case.args


def calls(group: Group, seed: int) -> Iterator[Args]:
    """Yield the arguments of a group's cases, the random ones from `seed`."""
    yield from (case.args for case in group.cases)
    rng = np.random.default_rng(seed)
    for _ in range(group.draws):
        assert group.generate is not None
        yield from group.generate(rng)


def judged() -> list[Group]:
    return [group for group in CHALLENGE.groups if isinstance(group.check, Holds)]


def is_accepted(group: Group, program: Callable[..., Any], args: Args) -> bool:
    assert isinstance(group.check, Holds)
    output = {key: float(value) for key, value in program(*args).items()}
    return np.isfinite([*output.values()]).all() and group.check.holds(output, *args)


def test_the_statements_table_is_what_the_reference_computes() -> None:
    data, lr, epochs, size = example()
    rows = table()
    for epoch, *shown in rows:
        before, after = (REFERENCE(data, lr, int(epoch) + i, size) for i in (-1, 0))
        gradients = [(before[key] - after[key]) / lr for key in before]
        computed = [*gradients, after["weight"], after["bias"]]
        np.testing.assert_allclose(shown, computed, rtol=0, atol=HALF_A_DIGIT)
    assert [1, 2, 3, epochs] == [row[0] for row in rows]


def test_the_statements_example_is_a_visible_case() -> None:
    statement = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    data, lr, epochs, size = example()
    shown = repr(data).replace("'", '"')
    assert f"`data = {shown}`" in statement
    assert f"`lr = {lr}`, `epochs = {epochs}`, `batchSize = {size}`" in statement


@pytest.mark.parametrize("group", judged(), ids=lambda group: group.name)
def test_the_reference_arrives_whatever_the_order(group: Group) -> None:
    state = random.getstate()
    try:
        for seed in range(5):
            random.seed(seed)
            assert all(is_accepted(group, REFERENCE, args) for args in calls(group, seed))
    finally:
        random.setstate(state)


@pytest.mark.parametrize("entry", CHALLENGE.misconceptions, ids=lambda entry: entry.id)
def test_a_mistake_never_arrives_everywhere(entry: Any) -> None:
    if entry.id == "one-epoch-too-many":
        pytest.skip("it shows without epochs only, which is judged by value")
    state = random.getstate()
    try:
        for seed in range(3):
            random.seed(seed)
            accepted = [
                is_accepted(group, entry.variant, args)
                for group in judged()
                for args in calls(group, seed)
            ]
            assert not all(accepted)
    finally:
        random.setstate(state)


def test_batches_of_every_kind_are_judged() -> None:
    """Single samples, even and uneven batches, one for all, and a size beyond the data."""
    kinds = set()
    for group in judged():
        for data, _, _, size in calls(group, 0):
            count = len(data)
            kinds.add((size == 1, size < count, size == count, count % size == 0))
    assert kinds == {
        (True, True, False, True),
        (False, True, False, True),
        (False, True, False, False),
        (False, False, True, True),
        (False, False, False, False),
    }
