"""What holds for `sgdWithMomentum` alone: its statement's numbers, the kinds of its cases."""

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

LOADED = Catalog().load("sgdWithMomentum")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
SECRET = b"sgd" * 11
HALF_A_DIGIT = 0.5000001e-6


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return build(LOADED.challenge, SECRET)


def table(loaded: Loaded) -> list[list[float]]:
    """Return the rows of the worked example: epoch, x, y, error, gradient, velocity, w."""
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+ \|.*)\|$", statement, re.MULTILINE)
    return [[float(cell) for cell in row.split("|")] for row in rows]


def test_the_statements_table_is_what_the_reference_computes() -> None:
    rows = table(LOADED)
    lr, beta, epochs = 0.01, 0.9, 2
    samples = [{"x": row[1], "y": row[2]} for row in rows]
    w = velocity = 0.0
    for step, (_, x, y, *shown) in enumerate(rows, start=1):
        # One epoch over the first samples of the whole run: w after this very step.
        after = REFERENCE(samples[:step], lr, beta, 1)
        error, speed = w * x - y, (w - after) / lr
        np.testing.assert_allclose(
            shown, [error, speed - beta * velocity, speed, after], rtol=0, atol=HALF_A_DIGIT
        )
        w, velocity = after, speed
    assert len(rows) == 3 * epochs
    assert w == REFERENCE(samples[:3], lr, beta, epochs)


def test_the_statements_example_is_a_visible_case() -> None:
    (case,) = (
        case
        for group in LOADED.challenge.groups
        for case in group.cases
        if case.name == "the statement's example"
    )
    rows = table(LOADED)
    data = [{"x": row[1], "y": row[2]} for row in rows[:3]]
    assert (data, 0.01, 0.9, 2) == case.args
    assert f"{rows[-1][-1]:.6f}" == f"{REFERENCE(*case.args):.6f}"


def test_whole_numbers_stay_whole(drawn: Dataset) -> None:
    (args,) = (args_of(case) for case in drawn.cases() if case.name == "whole numbers only")
    data, *settings = args
    numbers = [*settings, *(value for sample in data for value in sample.values())]
    assert {int} == {type(number) for number in numbers}


def test_two_calls_share_everything_but_the_points(drawn: Dataset) -> None:
    (group,) = (group for group in drawn.groups if group.name == "two-calls")
    calls = [args_of(case) for case in group.cases]
    for one, other in zip(calls[::2], calls[1::2], strict=True):
        assert one[1:] == other[1:]
        assert len(one[0]) == len(other[0])
        assert one[0] != other[0]


def test_only_the_overflow_group_overflows(drawn: Dataset) -> None:
    assert {
        group.name: case.finite for group in drawn.groups for case in group.cases if not case.finite
    } == {"overflow": False}
    assert not any(case.finite for case in drawn.groups[-1].cases)


def test_tracing_stays_cheap(drawn: Dataset) -> None:
    """A traced step costs about 20 µs, and `grader grade` traces them all before its first mark."""
    steps = [len(data) * epochs for data, _, _, epochs in map(args_of, drawn.cases())]
    assert max(steps) > 1000
    assert sum(steps) < 3000


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
        ("wrong_answer/no_factor_two.py", "misconception", "no-factor-2"),
        ("wrong_answer/average_of_gradients.py", "misconception", "ema-velocity"),
        ("wrong_answer/batch_numpy.py", "misconception", "full-batch-mean"),
        ("wrong_answer/lesson_code.py", "misconception", "bias-trained"),
        ("wrong_answer/nesterov_crashes_on_no_data.py", "misconception", "nesterov-lookahead"),
        ("wrong_answer/global_velocity.py", "state", "state-kept"),
        ("wrong_answer/cached_by_settings.py", "state", "state-kept"),
        ("wrong_answer/pops_the_data.py", "shape", "inputs-changed"),
        ("wrong_answer/prints_the_answer.py", "shape", "printed-not-returned"),
        ("wrong_answer/formatted_text.py", "shape", "not-a-number"),
        ("invalid_submission/another_name.py", "interface", "no-entry-point"),
        ("invalid_submission/three_arguments.py", "interface", "wrong-arity"),
    ],
)
def test_a_shipped_mistake_is_explained(
    exam: Exam, box: Box, file: str, kind: str, name: str
) -> None:
    result = judge(read(LOADED.folder / "submissions" / file), exam, box)
    assert [(entry.kind, entry.id) for entry in result.diagnosis] == [(kind, name)]
