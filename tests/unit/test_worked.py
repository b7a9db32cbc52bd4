"""Worked steps: what the named variables become, as the statement's table shows it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np
import pytest

from grader.worked import MOST_STEPS, steps


def descend(data: list[float], lr: float, w: float) -> float:
    for x in data:
        gradient = 2 * w * x
        w = w - lr * gradient
    return w


def test_a_line_for_each_round_of_a_loop() -> None:
    expected = ("w = 1", "gradient = 2, w = 0.5", "gradient = 3, w = -0.25")
    assert expected == steps(descend, ([1.0, 3.0], 0.25, 1.0), ("gradient", "w"))


def alternate(turns: int) -> tuple[int, int]:
    n = last = 0
    for i in range(turns):
        n += 1
        if i == turns - 1:
            last = n
    return n, last


def test_a_variable_that_changes_a_second_time_ends_a_line() -> None:
    expected = ("n = 0, last = 0", "n = 1, last = 0", "n = 2, last = 0", "n = 3, last = 3")
    assert expected == steps(alternate, (3,), ("n", "last"))


def test_only_the_named_variables_are_shown() -> None:
    assert ("w = 1", "w = 0.5", "w = 0") == steps(descend, ([1.0, 2.0, 4.0], 0.25, 1.0), ("w",))
    assert () == steps(descend, ([1.0], 0.25, 1.0), ("velocity",))
    assert () == steps(descend, ([1.0], 0.25, 1.0), ())


def test_the_last_name_ends_a_line() -> None:
    expected = ("w = 1, gradient = 2", "w = 0.5, gradient = 3", "w = -0.25, gradient = 3")
    assert expected == steps(descend, ([1.0, 3.0], 0.25, 1.0), ("w", "gradient"))


def test_a_value_that_stays_is_shown_in_every_line() -> None:
    expected = ("w = 1", "gradient = 2, w = 0.5", "gradient = 2, w = 0")
    assert expected == steps(descend, ([1.0, 2.0], 0.25, 1.0), ("gradient", "w"))


def test_the_variables_of_other_functions_are_not_shown() -> None:
    def helper(w: float) -> float:
        w = w + 100.0
        return abs(w)

    def outer(w: float) -> float:
        _ = helper(w)
        w = w / 2
        return abs(w)

    assert ("w = 3", "w = 1.5") == steps(outer, (3.0,), ("w",))


def count(turns: int) -> int:
    total = 0
    for _ in range(turns):
        total += 1
    return total


@pytest.mark.parametrize("turns", [0, 1, MOST_STEPS - 1])
def test_few_steps_are_all_shown(turns: int) -> None:
    assert tuple(f"total = {i}" for i in range(turns + 1)) == steps(count, (turns,), ("total",))


@pytest.mark.parametrize(("turns", "left"), [(MOST_STEPS, 1), (100, 101 - MOST_STEPS)])
def test_many_steps_are_cut_off_with_a_word(turns: int, left: int) -> None:
    shown = steps(count, (turns,), ("total",))
    assert tuple(f"total = {i}" for i in range(MOST_STEPS)) == shown[:-1]
    assert f"... and {left} more" == shown[-1]


def test_what_stays_the_same_is_no_step() -> None:
    def still(turns: int) -> float:
        x = 1.0
        for _ in range(turns):
            x = x * 1.0
        return x

    assert ("x = 1",) == steps(still, (5,), ("x",))


def test_another_type_of_the_same_size_is_shown_once_more() -> None:
    def cast(x: Any) -> Any:
        x = float(x)
        return [x]

    assert ("x = 1", "x = 1") == steps(cast, (1,), ("x",))


# --- containers ---------------------------------------------------------------------------------


def gather(xs: list[float]) -> list[float]:
    kept: list[float] = []
    for x in xs:
        kept.append(2 * x)
    return kept


def test_a_list_that_is_changed_in_place_is_a_step() -> None:
    expected = ("kept = []", "kept = [2]", "kept = [2, 5]")
    assert expected == steps(gather, ([1.0, 2.5],), ("kept",))


def scale_in_place(w: Any, factor: float) -> Any:
    for _ in range(2):
        w *= factor
    return w


def test_an_array_that_is_changed_in_place_is_a_step() -> None:
    expected = ("w = [1, -2]", "w = [0.5, -1]", "w = [0.25, -0.5]")
    assert expected == steps(scale_in_place, (np.array([1.0, -2.0]), 0.5), ("w",))


def hold(value: Any) -> Any:
    kept = value
    return [kept]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, "1"),
        (0.1 + 0.2, "0.3"),
        (1.23456789, "1.23457"),
        (1e-9, "1e-09"),
        (-0.5, "-0.5"),
        (7, "7"),
        (np.float32(0.1), "0.1"),
        (True, "True"),
        (None, "None"),
        ("text", "text"),
        ([], "[]"),
        ([1.0, 2.5], "[1, 2.5]"),
        ((1.0, "a"), "[1, a]"),
        ([0.5] * 7, "[0.5, 0.5, 0.5, 0.5, 0.5, 0.5, ...]"),
        ([0.5] * 6, "[0.5, 0.5, 0.5, 0.5, 0.5, 0.5]"),
        ([[1.0], [2.0, 3.0]], "[[1], [2, 3]]"),
        ({"w": 0.1 + 0.2, "b": [1.0]}, "{w: 0.3, b: [1]}"),
        (np.array([1.0, 0.25]), "[1, 0.25]"),
        (np.array([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
        (np.array(1.5), "1.5"),
        (np.arange(9.0), "[0, 1, 2, 3, 4, 5, ...]"),
    ],
    ids=repr,
)
def test_values_are_shown_to_six_digits_and_in_short(value: Any, expected: str) -> None:
    assert (f"kept = {expected}",) == steps(hold, (value,), ("kept",))


# --- exceptions, and whoever traces already -------------------------------------------------------


def stop_at(limit: int) -> int:
    n = 0
    while True:
        n += 1
        if n == limit:
            raise ValueError("too far")


def test_an_exception_ends_the_steps() -> None:
    assert ("n = 0", "n = 1", "n = 2", "n = 3") == steps(stop_at, (3,), ("n",))


def test_what_is_no_exception_of_a_program_is_passed_on() -> None:
    def interrupted(x: float) -> float:
        y = x
        raise KeyboardInterrupt(y)

    before = sys.gettrace()
    with pytest.raises(KeyboardInterrupt):
        steps(interrupted, (1.0,), ("y",))
    assert before is sys.gettrace()


def test_a_function_without_code_of_its_own_has_no_steps() -> None:
    assert () == steps(sum, ([1.0, 2.0],), ("x",))


@contextmanager
def traced_by(function: Any) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(function)
    try:
        yield
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("args", [(2,), (), ("text",)], ids=["returns", "no call", "raises"])
def test_whoever_traced_before_traces_again(args: tuple[Any, ...]) -> None:
    def ours(_frame: FrameType, _event: str, _arg: Any) -> None:
        return None

    with traced_by(ours):
        shown = steps(count, args, ("total",))
        after = sys.gettrace()
    assert ours is after
    assert (("total = 0", "total = 1", "total = 2") if args == (2,) else shown) == shown


def test_without_a_trace_there_is_none_afterwards() -> None:
    with traced_by(None):
        steps(count, (2,), ("total",))
        assert sys.gettrace() is None


def test_steps_run_the_function_once_and_change_nothing_else() -> None:
    calls: list[float] = []

    def noting(x: float) -> float:
        calls.append(x)
        y = 2 * x
        return abs(y)

    assert ("y = 3",) == steps(noting, (1.5,), ("y",))
    assert [1.5] == calls
