"""What holds for `rmsProp` alone: its statement's numbers, the kinds of its cases."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.catalog import Catalog, Loaded
from grader.spec import Args, Group

LOADED = Catalog().load("rmsProp")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
HALF_A_DIGIT = 0.5000001e-6


def table(loaded: Loaded) -> list[list[float]]:
    """Return the rows of the worked example: step, parameter, g, s, move, p."""
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+ \|.*)\|$", statement, re.MULTILINE)
    return [[float(cell) for cell in row.split("|")] for row in rows]


def group_of(name: str) -> Group:
    (group,) = (group for group in LOADED.challenge.groups if group.name == name)
    return group


def args_of(case_name: str) -> Args:
    (args,) = (
        case.args
        for group in LOADED.challenge.groups
        for case in group.cases
        if case.name == case_name
    )
    return args


def test_the_statements_table_is_what_the_reference_computes() -> None:
    params, grads, lr, decay, eps = args_of("the statement's example")
    count = len(params)
    rows = table(LOADED)
    assert len(rows) == count * len(grads)
    assert [row[:2] for row in rows] == [
        [step, i] for step in range(1, len(grads) + 1) for i in range(count)
    ]
    for step, i, g, *shown in rows:
        t, i = int(step), int(i)
        assert g == grads[t - 1][i]
        before, after = (REFERENCE(params, grads[:k], lr, decay, eps)[i] for k in (t - 1, t))
        # The reference returns no s: what it moved by tells it.
        move = before - after
        root = lr * g / move - eps
        np.testing.assert_allclose(shown, [root**2, move, after], rtol=0, atol=HALF_A_DIGIT)


def test_the_statements_example_is_a_visible_case() -> None:
    case = next(
        case for case in group_of("example").cases if case.name == "the statement's example"
    )
    statement = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    for name, value in zip(LOADED.challenge.parameters, case.args, strict=True):
        assert f"`{name} = {value}`" in statement
    answer = ", ".join(f"{number:.6f}" for number in REFERENCE(*case.args))
    assert f"`[{answer}]`" in statement


def test_whole_numbers_stay_whole() -> None:
    params, grads, *settings = args_of("whole numbers only")
    numbers = [*params, *itertools.chain.from_iterable(grads), *settings]
    assert {int} == {type(number) for number in numbers}


def test_two_calls_share_everything_but_the_gradients() -> None:
    generate = group_of("two-calls").generate
    assert generate is not None
    one, other = generate(np.random.default_rng(5))
    assert (one[0], one[2:]) == (other[0], other[2:])
    assert np.shape(one[1]) == np.shape(other[1])
    assert one[1] != other[1]


def test_every_case_keeps_to_what_the_statement_promises() -> None:
    rng = np.random.default_rng(6)
    for group in LOADED.challenge.groups:
        drawn = [args for _ in range(group.draws) for args in group.generate(rng)]
        for params, grads, lr, decay, eps in (*(case.args for case in group.cases), *drawn):
            assert {len(params)} >= {len(step) for step in grads}
            assert lr > 0
            assert 0 <= decay < 1
            assert eps > 0
