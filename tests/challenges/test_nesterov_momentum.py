"""What holds for `nesterovMomentum` alone: its statement's numbers, the types of its arrays."""

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

LOADED = Catalog().load("nesterovMomentum")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
SECRET = b"nesterov" * 4
HALF_A_DIGIT = 0.5000001e-6


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return build(LOADED.challenge, SECRET)


def table(loaded: Loaded) -> Any:
    """Return the worked example, a row for each step, a pair of columns for each quantity.

    The quantities are gradient, velocity, gradient + beta*velocity and w.
    """
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \|(.*)\|$", statement, re.MULTILINE)
    numbers = np.array([[float(cell) for cell in row.split("|")] for row in rows])
    return numbers.reshape(len(rows), 4, 2)


def test_the_statements_table_is_what_the_reference_computes() -> None:
    rows = table(LOADED)
    start, lr, beta = np.array([1.0, -2.0]), 0.1, 0.9
    gradients, shown = rows[:, 0], rows[:, 1:]
    w = start
    for step, gradient in enumerate(gradients, start=1):
        # The first rows alone: w after this very step.
        after = REFERENCE(start, gradients[:step], lr, beta)
        ahead = (w - after) / lr
        velocity = (ahead - gradient) / beta
        np.testing.assert_allclose(
            shown[step - 1], [velocity, ahead, after], rtol=0, atol=HALF_A_DIGIT
        )
        w = after
    assert len(rows) == 3


def test_the_statements_example_is_a_visible_case() -> None:
    (case,) = (
        case
        for group in LOADED.challenge.groups
        for case in group.cases
        if case.name == "the statement's example"
    )
    rows = table(LOADED)
    w, gradients, lr, beta = case.args
    assert (w.tolist(), lr, beta) == ([1.0, -2.0], 0.1, 0.9)
    assert gradients.tolist() == rows[:, 0].tolist()
    np.testing.assert_allclose(REFERENCE(*case.args), rows[-1, 3], rtol=0, atol=HALF_A_DIGIT)


def test_every_answer_is_a_float_array_of_the_shape_of_w(drawn: Dataset) -> None:
    for case in drawn.cases():
        w, *_ = args_of(case)
        assert case.desired.dtype == np.float64
        assert case.desired.shape == w.shape


def test_the_integer_cases_hold_integers(drawn: Dataset) -> None:
    (group,) = (group for group in drawn.groups if group.name == "integers")
    kinds = {
        case.name: "".join(array.dtype.kind for array in args_of(case)[:2]) for case in group.cases
    }
    assert kinds == {
        "w of integers": "if",
        "gradients of integers": "fi",
        "both of integers": "ii",
        "nothing but integers": "ii",
        "random 1": "if",
        "random 2": "if",
    }


def test_two_calls_share_shapes_and_settings(drawn: Dataset) -> None:
    (group,) = (group for group in drawn.groups if group.name == "two-calls")
    calls = [args_of(case) for case in group.cases]
    for one, other in zip(calls[::2], calls[1::2], strict=True):
        assert one[2:] == other[2:]
        assert [array.shape for array in one[:2]] == [array.shape for array in other[:2]]
        assert not np.array_equal(one[0], other[0])


def test_tracing_stays_cheap(drawn: Dataset) -> None:
    assert sum(gradients.size for _, gradients, _, _ in map(args_of, drawn.cases())) < 800


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
        ("wrong_answer/momentum_of_last_week.py", "misconception", "classical-momentum"),
        ("wrong_answer/look_ahead_with_old_velocity.py", "misconception", "classical-momentum"),
        ("wrong_answer/whole_history.py", "misconception", "trajectory-returned"),
        ("wrong_answer/integer_velocity.py", "misconception", "integer-velocity"),
        ("wrong_answer/global_velocity.py", "state", "state-kept"),
        ("invalid_submission/takes_a_velocity_too.py", "interface", "wrong-arity"),
    ],
)
def test_a_shipped_mistake_is_explained(
    exam: Exam, box: Box, file: str, kind: str, name: str
) -> None:
    result = judge(read(LOADED.folder / "submissions" / file), exam, box)
    assert [(entry.kind, entry.id) for entry in result.diagnosis] == [(kind, name)]


def test_weights_that_are_changed_in_place_are_two_mistakes(exam: Exam, box: Box) -> None:
    """The caller's array is changed, and one of integers cannot take the steps."""
    result = judge(read(LOADED.folder / "submissions" / "wrong_answer/changes_w.py"), exam, box)
    assert ["inputs-changed", "integer-weights"] == [entry.id for entry in result.diagnosis]
