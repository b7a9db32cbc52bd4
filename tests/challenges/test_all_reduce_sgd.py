"""What holds for `allReduceSGD` alone: its statement's numbers, the kinds of its cases."""

import ast
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

LOADED = Catalog().load("allReduceSGD")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
SECRET = b"all" * 11
HALF_A_DIGIT = 0.5000001e-6

SHARDS = [
    [{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 5.0}, {"x": -1.0, "y": -1.0}],
    [{"x": 2.0, "y": -1.0}],
]


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return build(LOADED.challenge, SECRET)


def table(loaded: Loaded) -> list[list[float]]:
    """Return the rows of the worked example: step, w, two workers' gradients, their mean, w."""
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+ \|.*)\|$", statement, re.MULTILINE)
    return [[float(cell) for cell in row.split("|")] for row in rows]


def test_the_statements_table_is_what_the_reference_computes() -> None:
    lr, before = 0.1, 0.5
    rows = table(LOADED)
    for step, (number, *shown) in enumerate(rows, start=1):
        after = REFERENCE(SHARDS, 0.5, lr, step)
        # One worker alone, one step: the step is along that worker's own gradient.
        alone = [(before - REFERENCE([shard], before, lr, 1)) / lr for shard in SHARDS]
        computed = [before, *alone, (before - after) / lr, after]
        np.testing.assert_allclose(shown, computed, rtol=0, atol=HALF_A_DIGIT)
        assert number == step
        before = after
    assert len(rows) == 3


def test_the_statements_example_is_a_visible_case() -> None:
    (case,) = (
        case
        for group in LOADED.challenge.groups
        for case in group.cases
        if case.name == "the statement's example"
    )
    assert (SHARDS, 0.5, 0.1, 3) == case.args
    statement = (LOADED.folder / "statement.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^`shards = .*$", statement, re.MULTILINE)
    values = [
        ast.literal_eval(text.partition("=")[2].strip())
        for text in re.findall(r"`(\w+ = [^`]*)`", line)
    ]
    assert case.args == tuple(values)
    assert f"{table(LOADED)[-1][-1]:.6f}" == f"{REFERENCE(*case.args):.6f}"


def test_whole_numbers_stay_whole(drawn: Dataset) -> None:
    (args,) = (args_of(case) for case in drawn.cases() if case.name == "whole numbers only")
    shards, *settings = args
    numbers = [*settings, *(value for shard in shards for p in shard for value in p.values())]
    assert {int} == {type(number) for number in numbers}


def test_two_calls_share_everything_but_the_points(drawn: Dataset) -> None:
    (group,) = (group for group in drawn.groups if group.name == "two-calls")
    calls = [args_of(case) for case in group.cases]
    for one, other in zip(calls[::2], calls[1::2], strict=True):
        assert one[1:] == other[1:]
        assert list(map(len, one[0])) == list(map(len, other[0]))
        assert one[0] != other[0]


def test_sizes_are_what_the_groups_say(drawn: Dataset) -> None:
    sizes = {
        group.name: [{len(shard) for shard in args_of(case)[0]} for case in group.cases]
        for group in drawn.groups
    }
    assert all(len(found) > 1 and 0 not in found for found in sizes["unequal-shards"])
    assert all(len(found) == 1 for found in sizes["equal-shards"])
    assert all(0 in found and len(found) > 1 for found in sizes["empty-shards"])


def test_the_reference_keeps_the_relations(drawn: Dataset) -> None:
    kept = 0
    for group, data in zip(LOADED.challenge.groups, drawn.groups, strict=True):
        if not isinstance(group.check, Relates):
            continue
        for case in data.cases:
            second = group.check.second(*args_of(case))
            assert second != args_of(case)
            expected = group.check.expected(case.desired, *args_of(case))
            np.testing.assert_allclose(REFERENCE(*second), expected, rtol=1e-10)
            kept += 1
    assert kept == 4


def test_only_the_overflow_group_overflows(drawn: Dataset) -> None:
    assert {
        group.name: case.finite for group in drawn.groups for case in group.cases if not case.finite
    } == {"overflow": False}
    assert not any(case.finite for case in drawn.groups[-1].cases)


def test_tracing_stays_cheap(drawn: Dataset) -> None:
    """Five operations for each point and step, and a few for each shard."""
    calls = list(map(args_of, drawn.cases()))
    assert sum(sum(map(len, shards)) * steps for shards, _, _, steps in calls) < 1200
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
        ("wrong_answer/mean_of_means.py", "misconception", "unweighted-mean"),
        ("wrong_answer/divides_by_workers.py", "misconception", "empty-shards-counted"),
        ("wrong_answer/federated.py", "misconception", "local-training"),
        ("wrong_answer/each_worker_steps.py", "misconception", "workers-in-turn"),
        ("wrong_answer/empty_shard_is_nan.py", "shape", "not-finite"),
        ("wrong_answer/cached_by_settings.py", "state", "state-kept"),
        ("wrong_answer/drops_empty_shards_in_place.py", "shape", "inputs-changed"),
        ("wrong_answer/returns_all_replicas.py", "shape", "not-a-number"),
        ("wrong_answer/prints_the_answer.py", "shape", "printed-not-returned"),
        ("wrong_answer/formatted_text.py", "shape", "not-a-number"),
        ("invalid_submission/one_shard_only.py", "interface", "wrong-arity"),
    ],
)
def test_a_shipped_mistake_is_explained(
    exam: Exam, box: Box, file: str, kind: str, name: str
) -> None:
    result = judge(read(LOADED.folder / "submissions" / file), exam, box)
    assert [(entry.kind, entry.id) for entry in result.diagnosis] == [(kind, name)]


@pytest.mark.parametrize(
    ("file", "most"), [("returns_w.py", 0.0), ("mean_of_means.py", 35.0), ("federated.py", 40.0)]
)
def test_a_mistake_earns_what_is_right_about_it(
    exam: Exam, box: Box, file: str, most: float
) -> None:
    result = judge(read(LOADED.folder / "submissions" / "wrong_answer" / file), exam, box)
    assert result.score <= most
