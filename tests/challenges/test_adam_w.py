"""What holds for `adamW` alone: its statement's numbers, the kinds of its cases."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.catalog import Catalog, Loaded
from grader.dataset import Dataset, args_of, build
from grader.exam import Exam
from grader.grading import cell_config
from grader.judge import judge
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.submission import read

LOADED = Catalog().load("adamW")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
SECRET = b"adam" * 8
HALF_A_DIGIT = 0.5000001e-6


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return build(LOADED.challenge, SECRET)


def table(loaded: Loaded) -> list[list[float]]:
    """Return the rows of the worked example: t, i, g, decayed, m, v, mhat, vhat, p."""
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+ \|.*)\|$", statement, re.MULTILINE)
    return [[float(cell) for cell in row.split("|")] for row in rows]


def example() -> tuple[Any, ...]:
    """Return the arguments of the visible case that the statement shows."""
    (case,) = (
        case
        for group in LOADED.challenge.groups
        for case in group.cases
        if case.name == "the statement's example"
    )
    return case.args


def test_the_statements_table_is_what_the_reference_computes() -> None:
    params, grads, lr, beta1, beta2, eps, decay = example()
    rows = table(LOADED)
    before, m, v = list(params), [0.0, 0.0], [0.0, 0.0]
    for step, index, g, *shown in rows:
        t, i = int(step), int(index)
        after = REFERENCE(params, grads[:t], lr, beta1, beta2, eps, decay)[i]
        m[i] = beta1 * m[i] + (1 - beta1) * g
        v[i] = beta2 * v[i] + (1 - beta2) * g * g
        mhat, vhat = m[i] / (1 - beta1**t), v[i] / (1 - beta2**t)
        decayed = before[i] * (1 - lr * decay)
        np.testing.assert_allclose(
            shown, [decayed, m[i], v[i], mhat, vhat, after], rtol=0, atol=HALF_A_DIGIT
        )
        assert math.isclose(after, decayed - lr * mhat / (math.sqrt(vhat) + eps))
        before[i] = after
    assert len(rows) == len(params) * len(grads)
    assert [row[0] for row in rows] == [1, 1, 2, 2]


def test_the_statements_example_is_a_visible_case() -> None:
    params, grads, *settings = example()
    rows = table(LOADED)
    assert [[rows[0][2], rows[1][2]], [rows[2][2], rows[3][2]]] == grads
    text = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    names = LOADED.challenge.parameters
    for name, value in zip(names, (params, grads, *settings), strict=True):
        assert f"`{name} = {value}`" in text
    first, second = REFERENCE(params, grads, *settings)
    assert f"[{first:.6f}, {second:.6f}]" in text


def test_settings_are_large_enough_to_be_seen(drawn: Dataset) -> None:
    for case in drawn.cases():
        _, _, lr, _, _, eps, decay = args_of(case)
        assert lr >= 0.1
        assert eps >= 0.1
        assert decay >= 0.1 or case.name == "no weight decay"


def test_gradients_are_smaller_than_eps_where_a_group_says_so(drawn: Dataset) -> None:
    (group,) = (group for group in drawn.groups if group.name == "eps")
    for _, grads, _, _, _, eps, _ in map(args_of, group.cases):
        assert max(abs(g) for row in grads for g in row) < eps


def test_whole_numbers_stay_whole(drawn: Dataset) -> None:
    (args,) = (args_of(case) for case in drawn.cases() if case.name == "whole numbers only")
    params, grads, *settings = args
    numbers = [*params, *settings, *(g for row in grads for g in row)]
    assert {int} == {type(number) for number in numbers}


def test_two_calls_share_their_settings_only(drawn: Dataset) -> None:
    (group,) = (group for group in drawn.groups if group.name == "two-calls")
    calls = [args_of(case) for case in group.cases]
    for one, other in zip(calls[::2], calls[1::2], strict=True):
        assert one[2:] == other[2:]
        assert [len(one[0]), len(one[1])] == [len(other[0]), len(other[1])]
        assert one[0] != other[0]
        assert one[1] != other[1]


def test_tracing_stays_cheap(drawn: Dataset) -> None:
    """Each parameter takes 23 traced operations in each step."""
    updates = [len(params) * len(grads) for params, grads, *_ in map(args_of, drawn.cases())]
    assert sum(updates) < 190


def test_the_reference_makes_a_list_of_its_own() -> None:
    params = [1.5, -2.0]
    result = REFERENCE(params, [], 0.1, 0.9, 0.8, 0.1, 0.5)
    assert result == params
    assert result is not params


@pytest.fixture(scope="module")
def exam(drawn: Dataset) -> Exam:
    return Exam(LOADED, drawn, SECRET)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with open_box("auto", cell_config(LOADED.challenge)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("file", "kind", "name"),
    [
        ("wrong_answer/l2_penalty.py", "misconception", "l2-in-gradient"),
        ("wrong_answer/eps_in_root.py", "misconception", "eps-inside-root"),
        ("wrong_answer/decays_last.py", "misconception", "decay-after-step"),
        ("wrong_answer/correction_overwrites.py", "misconception", "correction-kept"),
        ("wrong_answer/one_moment_for_all.py", "misconception", "moments-shared"),
        ("wrong_answer/global_moments.py", "state", "state-kept"),
        ("invalid_submission/betas_as_a_pair.py", "interface", "wrong-arity"),
    ],
)
def test_a_shipped_mistake_is_explained(
    exam: Exam, box: Box, file: str, kind: str, name: str
) -> None:
    result = judge(read(LOADED.folder / "submissions" / file), exam, box)
    assert [(entry.kind, entry.id) for entry in result.diagnosis] == [(kind, name)]
