"""How an answer unfolds: calls with fewer and more steps, and the paths that come of them."""

import math
from typing import Any

import numpy as np
import pytest

from grader import unfolding
from grader.explanation import Series, Trajectory

NINE = [*range(9)]


def asked(args: tuple[Any, ...], *places: int) -> list[tuple[int, tuple[Any, ...]]]:
    return [(call.at, call.args) for call in unfolding.calls(args, places)]


def test_a_whole_number_counts_from_nothing_beyond_its_own() -> None:
    assert [(at, ("x", at)) for at in NINE] == asked(("x", 1), 1)


def test_a_list_is_cut_and_begins_again() -> None:
    found = asked(([1, 2, 3], 0.5), 0)
    assert [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 1]] == [args[0] for _, args in found[:5]]
    assert NINE == [at for at, _ in found] == [len(args[0]) for _, args in found]
    assert all(0.5 == args[1] for _, args in found)


def test_lists_of_equal_length_unfold_together() -> None:
    found = asked(([1, 2], ["a", "b"]), 0, 1)
    assert ([1, 2, 1], ["a", "b", "a"]) == found[3][1]
    assert [] == asked(([1, 2], ["a"]), 0, 1)


def test_an_array_keeps_its_type_and_its_width() -> None:
    rows = np.array([[1, 2], [3, 4]], np.int8)
    found = asked((rows,), 0)
    assert {(at, 2) for at in NINE} == {args[0].shape for _, args in found}
    assert {rows.dtype} == {args[0].dtype for _, args in found}
    assert [[1, 2], [3, 4], [1, 2]] == found[3][1][0].tolist()


def test_a_long_way_is_shown_by_a_few_points_with_its_own_among_them() -> None:
    for own in (*range(60), 1000):
        points = [at for at, _ in asked((own,), 0)]
        assert own in points
        assert points[0] == 0
        assert 7 <= len(points) <= unfolding.MOST_POINTS
        assert sorted(set(points)) == points


@pytest.mark.parametrize("value", [[], np.zeros((0, 2))])
def test_nothing_cannot_begin_again(value: Any) -> None:
    assert [0] == [at for at, _ in asked((value,), 0)]


@pytest.mark.parametrize("value", [-1, True, 1.5, "text", None, np.float64(2), np.array(2.0)])
def test_what_counts_nothing_unfolds_nowhere(value: Any) -> None:
    assert [] == asked((value,), 0)
    assert [] == asked((value,))


def path(expected: list[Any], actual: list[Any]) -> Trajectory | None:
    return unfolding.trajectory(("n",), 1, range(len(expected)), expected, actual)


def test_both_paths_have_three_digits_of_each_number() -> None:
    found = path([0.0, 0.123456, 2], [0, np.float32(1234.5), 1e-9])
    assert found == Trajectory(
        ("n",), 1, (0, 1, 2), (Series("", (0.0, 0.123, 2.0), (0.0, 1230.0, 1e-9)),)
    )


def test_of_an_answer_of_many_numbers_the_first_are_shown_by_their_place() -> None:
    right = [{"w": [float(n), 2.0 * n], "c": 1.0, "b": np.array([n, 0, 0])} for n in range(3)]
    wrong: list[Any] = [{"w": [7.0], "b": (1, 2)}, {"w": np.array([7.0, 8.0])}, {"w": [9.0]}]
    wrong += [{"w": 0.0}, [[1.0]], None, "text", [[1, 2], [[1]]]]
    right += [right[0]] * 5
    found = path(right, wrong)
    assert found is not None
    assert ["w[0]", "w[1]", "b[0]"] == [series.label for series in found.series]
    assert (7.0, 7.0, 9.0, *[None] * 5) == found.series[0].actual
    assert (None, 8.0, *[None] * 6) == found.series[1].actual
    assert (1.0, *[None] * 7) == found.series[2].actual


def test_a_number_that_neither_moves_nor_is_wrong_is_left_out() -> None:
    found = path([[0, n, n, n, n] for n in range(3)], [[0, n, 2 * n, n, 7] for n in range(3)])
    assert found is not None
    assert ["[1]", "[2]", "[3]"] == [series.label for series in found.series]


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ([0, 1], [1, 2]),
        ([1, 1, 1], [0, 1, 2]),
        ([0, 1, 2], [0, 1, 2]),
        ([0, 1, 2], [0.0, 1.0001, 2]),
        ([0, 1, 2], [0, None, 3]),
        ([0, 1, 2], [0, math.nan, 3]),
        ([0, 1, 2], [0, 1e101, 3]),
        ([0, 1, 1e101], [0, 3, 3]),
        ([[0], [0, 1], [0, 1, 2]], [[1], [1], [1]]),
        (["a", "b", "c"], [1, 2, 3]),
        ([[], [], []], [1, 2, 3]),
        ([], []),
    ],
)
def test_what_shows_nothing_is_no_path(expected: list[Any], actual: list[Any]) -> None:
    assert path(expected, actual) is None
