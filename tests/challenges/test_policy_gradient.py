"""What holds for `policyGradient` alone: its statement's numbers, the kinds of its cases."""

import ast
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from grader.catalog import Catalog, Loaded
from grader.checks import Relates
from grader.dataset import Dataset, args_of, build
from grader.exam import Exam
from grader.grading import cell_config
from grader.judge import judge
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.submission import read

LOADED = Catalog().load("policyGradient")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
SECRET = b"pol" * 11
HALF_A_DIGIT = 0.5000001e-6

PREFERENCES = [0.0, 0.5, 1.0]
LR, RATE = 0.5, 0.25


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return build(LOADED.challenge, SECRET)


def table(loaded: Loaded) -> list[list[float]]:
    """Return the rows of the worked example, one for each pull, in ten columns."""
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+ \|.*)\|$", statement, re.MULTILINE)
    return [[float(cell) for cell in row.split("|")] for row in rows]


def test_the_statements_table_is_what_the_reference_computes() -> None:
    rows = table(LOADED)
    actions = [int(row[0]) for row in rows]
    rewards = [row[1] for row in rows]
    before, baseline = PREFERENCES, 0.0
    for pulls, (action, reward, *shown) in enumerate(rows, start=1):
        after = REFERENCE(PREFERENCES, actions[:pulls], rewards[:pulls], LR, RATE)
        # A single pull with reward 1 and lr 1 moves each arm by its indicator - probability.
        moved = np.subtract(REFERENCE(before, [int(action)], [1.0], 1.0, 0.0), before)
        probabilities = (np.arange(3) == action) - moved
        advantage = (after[0] - before[0]) / (LR * moved[0])
        computed = [baseline, advantage, *probabilities, *after]
        np.testing.assert_allclose(shown, computed, rtol=0, atol=HALF_A_DIGIT)
        before, baseline = after, baseline + RATE * (reward - baseline)
    assert len(rows) == 4


def test_the_statements_example_is_a_visible_case() -> None:
    (case,) = (
        case
        for group in LOADED.challenge.groups
        for case in group.cases
        if case.name == "the statement's example"
    )
    rows = table(LOADED)
    assert (PREFERENCES, [row[0] for row in rows], [row[1] for row in rows], LR, RATE) == case.args
    statement = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^`preferences = .*$", statement, re.MULTILINE)
    values = [
        ast.literal_eval(text.partition("=")[2].strip())
        for text in re.findall(r"`(\w+ = [^`]*)`", line)
    ]
    assert case.args == tuple(values)
    final = [f"{h:.6f}" for h in REFERENCE(*case.args)]
    assert final == [f"{cell:.6f}" for cell in rows[-1][-3:]]
    assert f"[{', '.join(final)}]" in statement


def test_whole_numbers_stay_whole(drawn: Dataset) -> None:
    (args,) = (args_of(case) for case in drawn.cases() if case.name == "whole numbers only")
    preferences, actions, rewards, *settings = args
    assert {int} == {type(number) for number in [*preferences, *actions, *rewards, *settings]}


def test_two_calls_share_everything_but_the_rewards(drawn: Dataset) -> None:
    (group,) = (group for group in drawn.groups if group.name == "two-calls")
    calls = [args_of(case) for case in group.cases]
    for one, other in zip(calls[::2], calls[1::2], strict=True):
        assert (*one[:2], *one[3:]) == (*other[:2], *other[3:])
        assert one[2] != other[2]


def test_large_preferences_break_a_softmax_that_does_not_shift(drawn: Dataset) -> None:
    (group,) = (group for group in drawn.groups if group.name == "large-preferences")
    naive = {entry.id: entry.variant for entry in LOADED.challenge.misconceptions}["naive-softmax"]
    for case in group.cases:
        assert case.finite
        assert any(math.isnan(h) for h in naive(*args_of(case)))


def test_the_reference_keeps_the_relation(drawn: Dataset) -> None:
    (group,) = (g for g in LOADED.challenge.groups if isinstance(g.check, Relates))
    assert isinstance(group.check, Relates)
    (data,) = (data for data in drawn.groups if data.name == group.name)
    assert len(data.cases) == 2
    for case in data.cases:
        second = group.check.second(*args_of(case))
        expected = group.check.expected(case.desired, *args_of(case))
        np.testing.assert_allclose(REFERENCE(*second), expected, rtol=1e-10)


def test_every_call_is_one_that_the_statement_allows(drawn: Dataset) -> None:
    for preferences, actions, rewards, _, rate in map(args_of, drawn.cases()):
        assert len(actions) == len(rewards)
        assert all(type(action) is int and 0 <= action < len(preferences) for action in actions)
        assert 0 <= rate <= 1
    assert all(case.finite for case in drawn.cases())


def test_tracing_stays_cheap(drawn: Dataset) -> None:
    """Nine operations for each pull and arm, and a few for each pull."""
    calls = list(map(args_of, drawn.cases()))
    assert sum(len(preferences) * len(actions) for preferences, actions, *_ in calls) < 600
    assert len(calls) <= 50


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
        ("wrong_answer/naive_numpy_softmax.py", "misconception", "naive-softmax"),
        ("wrong_answer/plain_reinforce.py", "misconception", "no-baseline"),
        ("wrong_answer/sample_average_baseline.py", "misconception", "running-mean"),
        ("wrong_answer/softmax_inside_the_loop.py", "misconception", "recomputed-for-each-arm"),
        ("wrong_answer/only_the_pulled_arm.py", "misconception", "others-left-alone"),
        ("wrong_answer/global_baseline.py", "state", "state-kept"),
        ("wrong_answer/updates_in_place.py", "shape", "inputs-changed"),
        ("invalid_submission/no_baseline_rate.py", "interface", "wrong-arity"),
    ],
)
def test_a_shipped_mistake_is_explained(
    exam: Exam, box: Box, file: str, kind: str, name: str
) -> None:
    result = judge(read(LOADED.folder / "submissions" / file), exam, box)
    assert [(entry.kind, entry.id) for entry in result.diagnosis] == [(kind, name)]


@pytest.mark.parametrize(
    ("file", "most"),
    [
        ("returns_preferences.py", 0.0),
        ("plain_reinforce.py", 20.0),
        ("updates_in_place.py", 95.0),
        ("naive_numpy_softmax.py", 85.0),
    ],
)
def test_a_mistake_earns_what_is_right_about_it(
    exam: Exam, box: Box, file: str, most: float
) -> None:
    result = judge(read(LOADED.folder / "submissions" / "wrong_answer" / file), exam, box)
    assert result.score <= most
