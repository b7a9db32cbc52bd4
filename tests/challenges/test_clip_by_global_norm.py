"""What holds for `clipByGlobalNorm` alone: its statement's numbers, what its groups contain."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
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
from grader.spec import Group, Raises, Relates
from grader.submission import read

LOADED = Catalog().load("clipByGlobalNorm")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
SECRET = b"clipping" * 4


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return build(LOADED.challenge, SECRET)


def norm(arrays: Sequence[Any]) -> float:
    return math.hypot(*(number for array in arrays for number in array.ravel().tolist()))


def numbers(cell: str) -> list[float]:
    return [float(word) for word in re.findall(r"-?\d+(?:\.\d+)?", cell)]


def table(loaded: Loaded) -> list[tuple[Any, float, Any]]:
    """Return each array of the worked example with its sum of squares and what it becomes."""
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    rows = []
    for row in re.findall(r"^\| \d+ \|(.*)\|$", statement, re.MULTILINE):
        shape, before, squares, after = map(numbers, row.split("|"))
        size = tuple(map(int, shape))
        rows.append((np.reshape(before, size), squares[0], np.reshape(after, size)))
    return rows


def group(name: str) -> Group:
    return next(each for each in LOADED.challenge.groups if each.name == name)


def test_the_statements_table_is_what_the_reference_computes() -> None:
    rows = table(LOADED)
    answer = REFERENCE([before for before, _, _ in rows], 6.5)
    for (before, squares, after), returned in zip(rows, answer, strict=True):
        assert np.sum(before**2) == squares
        np.testing.assert_array_equal(returned, after)
    assert norm([before for before, _, _ in rows]) == 13
    assert len(rows) == 2


def test_the_statements_example_is_a_visible_case() -> None:
    example = {case.name: case.args for case in group("example").cases}
    gradients, limit = example["the statement's example"]
    for array, (before, _, _) in zip(gradients, table(LOADED), strict=True):
        assert np.array_equal(array, before)
    assert limit == 6.5
    assert example["the same within a larger norm"] == (gradients, 15.0)


def test_what_is_clipped_has_the_norm_that_is_allowed(drawn: Dataset) -> None:
    for data in drawn.groups:
        if data.name in ("ordinary", "sizes", "two-calls", "inputs-unchanged", "made-larger"):
            for case in data.cases:
                gradients, limit = args_of(case)
                assert norm(gradients) > limit
                assert math.isclose(norm(case.desired), limit)


def test_within_the_norm_nothing_changes(drawn: Dataset) -> None:
    (data,) = (each for each in drawn.groups if each.name == "within")
    for case in data.cases:
        gradients, limit = args_of(case)
        assert norm(gradients) <= limit
        for before, after in zip(gradients, case.desired, strict=True):
            assert np.array_equal(before, after)


def test_larger_gradients_are_clipped_to_the_same(drawn: Dataset) -> None:
    check = group("made-larger").check
    assert isinstance(check, Relates)
    (data,) = (each for each in drawn.groups if each.name == "made-larger")
    for case in data.cases:
        first = REFERENCE(*args_of(case))
        second = REFERENCE(*check.second(*args_of(case)))
        expected = check.expected(first, *args_of(case))
        for one, other in zip(second, expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)


def test_a_negative_norm_is_refused() -> None:
    negative = group("negative")
    assert isinstance(negative.check, Raises)
    for case in negative.cases:
        with pytest.raises(ValueError, match="0 or more"):
            REFERENCE(*case.args)


def test_two_calls_share_shapes_and_the_norm(drawn: Dataset) -> None:
    (data,) = (each for each in drawn.groups if each.name == "two-calls")
    calls = [args_of(case) for case in data.cases]
    for one, other in zip(calls[::2], calls[1::2], strict=True):
        assert one[1] == other[1]
        assert [array.shape for array in one[0]] == [array.shape for array in other[0]]
        assert not np.array_equal(one[0][0], other[0][0])


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
        ("wrong_answer/one_norm_for_each.py", "misconception", "each-array-alone"),
        ("wrong_answer/clips_the_numbers.py", "misconception", "element-wise"),
        ("wrong_answer/like_torch.py", "misconception", "epsilon-added"),
        ("wrong_answer/scales_in_place.py", "shape", "inputs-changed"),
        ("wrong_answer/replaces_in_the_list.py", "shape", "inputs-changed"),
        ("wrong_answer/largest_norm_so_far.py", "state", "state-kept"),
        ("invalid_submission/unclosed_parenthesis.py", "interface", "syntax"),
    ],
)
def test_a_shipped_mistake_is_explained(
    exam: Exam, box: Box, file: str, kind: str, name: str
) -> None:
    result = judge(read(LOADED.folder / "submissions" / file), exam, box)
    assert [(entry.kind, entry.id) for entry in result.diagnosis] == [(kind, name)]
