"""The noise ceiling: a few roundings of S where a reference is fair, and infinite where not."""

import importlib.util
import math
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from grader.arithmetic import Arithmetic, MovedResults
from grader.catalog import Catalog
from grader.dataset import args_of, build
from grader.errors import AuthorError
from grader.noise import Kind, arithmetics, measure, noise
from grader.scale import OVERFLOW, trace

TWO_ROUNDINGS = 2.3e-16
"""Two unit roundings of double, with a little on top."""

SINGLE = 6.0e-8
"""The unit rounding of float32."""


def noise_of(function: Callable[..., Any], *args: Any) -> Mapping[Kind, float]:
    """Measure a function on arguments that it leaves as they are."""
    traced = trace(function, args)
    return measure(function, lambda: args, traced.desired, traced.scale)


def stays_within(found: Mapping[Kind, float], roundings: float = 2.0) -> bool:
    """Tell whether every figure is at most so many roundings of its own precision."""
    return all(
        value <= roundings * (SINGLE if kind is Kind.FLOAT32 else TWO_ROUNDINGS / 2)
        for kind, value in found.items()
    )


# --- the challenge that ships -------------------------------------------------------------------


@pytest.fixture(scope="module")
def sgd() -> Mapping[Kind, float]:
    """The largest figures over all cases that decide."""
    challenge = Catalog().load("sgdWithMomentum").challenge
    cases = [case for case in build(challenge, b"x" * 32).cases() if case.finite]
    found = [
        measure(challenge.reference, lambda case=case: args_of(case), case.desired, case.scale)
        for case in cases
    ]
    return {kind: max(entry[kind] for entry in found) for kind in Kind}


def test_float32_needs_less_than_its_rounding(sgd: Mapping[Kind, float]) -> None:
    assert 1e-9 < sgd[Kind.FLOAT32] < SINGLE


@pytest.mark.parametrize("kind", [Kind.LONG_DOUBLE, Kind.ROUNDINGS, Kind.INPUTS, Kind.TRUTH])
def test_double_needs_less_than_two_roundings(sgd: Mapping[Kind, float], kind: Kind) -> None:
    assert 1e-18 < sgd[kind] < TWO_ROUNDINGS


def test_nothing_is_summed_so_nothing_is_reordered(sgd: Mapping[Kind, float]) -> None:
    assert 0.0 == sgd[Kind.REORDERED]


def test_extended_precision_is_near_the_truth(sgd: Mapping[Kind, float]) -> None:
    if np.finfo(np.longdouble).nmant >= 63:
        assert sgd[Kind.TRUTH] == pytest.approx(sgd[Kind.LONG_DOUBLE], rel=0.01)


# --- programs of other shapes -------------------------------------------------------------------


def momentum(w: Any, gradients: Any, lr: Any, beta: Any) -> Any:
    velocity = np.zeros_like(w)
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * velocity
    return w


def softmax(z: Any) -> Any:
    powers = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def adam(w: Any, lr: Any, steps: int, b1: float = 0.9, b2: float = 0.999) -> Any:
    m, v = np.zeros(w.shape), np.zeros(w.shape)
    for t in range(1, steps + 1):
        gradient = 2 * w - 1
        m = b1 * m + (1 - b1) * gradient
        v = b2 * v + (1 - b2) * gradient**2
        w = w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + 1e-8)
    return w


def cosine_schedule(rate: Any, step: int, steps: int) -> Any:
    return 0.5 * rate * (1 + math.cos(math.pi * step / steps))


def statistics(xs: Any) -> Any:
    mean = sum(xs) / len(xs)
    return {"mean": mean, "centred": np.array([x - mean for x in xs]), "name": "s"}


def variance_by_moments(xs: Any) -> Any:
    """Return a difference of large numbers that nearly cancel."""
    mean = sum(xs) / len(xs)
    return sum(x * x for x in xs) / len(xs) - mean * mean


RNG = np.random.default_rng(3)
MATRIX = RNG.normal(size=(4, 3))
SHAPES: dict[str, tuple[Callable[..., Any], Sequence[Any]]] = {
    "momentum": (momentum, (MATRIX[0], MATRIX, 0.1, 0.9)),
    "softmax": (softmax, (MATRIX,)),
    "cosine schedule": (cosine_schedule, (0.1, 3, 10)),
    "statistics": (statistics, ([1.5, 2.25, 0.1, 7.0],)),
    "matrix product": (lambda a, b: a @ b.T, (MATRIX, MATRIX)),
    "a dictionary": (
        lambda d: {"w": d["w"] * d["lr"], "n": d["n"] + 1},
        ({"w": MATRIX, "lr": 0.1, "n": 3},),
    ),
    "a cancelling difference": (lambda a, b: a - b, (1e6 + 0.1, 1e6)),
    "a variance by moments": (variance_by_moments, ([1000.1, 1000.2, 1000.4],)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_arithmetic_stays_within_a_few_roundings_of_the_scale(name: str) -> None:
    function, args = SHAPES[name]
    found = noise_of(function, *args)
    assert set(Kind) == set(found)
    assert stays_within(found), found


def test_adam_s_own_constants_are_rounded_too() -> None:
    # 1 - b2 and 1 - b2**t of b2 near 1 lose digits, and no tape that starts at inputs sees it.
    found = noise_of(adam, MATRIX[0], 0.5, 4)
    assert stays_within({kind: found[kind] for kind in (Kind.INPUTS, Kind.REORDERED)})
    assert not stays_within(found)
    assert stays_within(found, roundings=1000)


def cross_entropy(z: Any, labels: Any) -> Any:
    return -np.mean(np.log(softmax(z)[np.arange(len(labels)), labels]))


@pytest.mark.parametrize("labels", [[0, 2, 1, 1], np.array([0, 2, 1, 1])])
def test_labels_index(labels: Any) -> None:
    # No error scale is traced through an index, so a spec has to give one.
    desired = cross_entropy(MATRIX, labels)
    assert stays_within(measure(cross_entropy, lambda: (MATRIX, labels), desired, 5 * desired))


def test_cancellation_is_measured_by_the_scale_and_not_by_the_result() -> None:
    traced = trace(variance_by_moments, ([1000.1, 1000.2, 1000.4],))
    assert 1e6 * traced.desired < traced.scale
    found = measure(
        variance_by_moments, lambda: ([1000.1, 1000.2, 1000.4],), traced.desired, traced.scale
    )
    relative = found[Kind.FLOAT32] * traced.scale / traced.desired
    assert relative > 0.1  # nothing of the result is left in float32 ...
    assert found[Kind.FLOAT32] < SINGLE  # ... and the scale has said so


def test_a_thousand_numbers_in_another_order() -> None:
    xs = np.random.default_rng(0).normal(size=1000).tolist()
    found = noise_of(lambda xs: sum(xs), xs)
    assert 0 < found[Kind.REORDERED] < TWO_ROUNDINGS
    assert stays_within(found)


def test_ints_are_counts_or_exact() -> None:
    found = noise_of(lambda xs, n: [sum(xs) for _ in range(n)], [3, 2**60, -7], 2)
    assert {0.0} == set(found.values())
    large = 2**60
    assert 0.5 == noise(lambda xs: xs[0] + 1, lambda: ([large],), large, 2.0, Arithmetic())


def test_a_result_of_no_numbers_has_no_noise() -> None:
    assert {0.0} == set(noise_of(lambda _x: ["s", None, True], 1.5).values())


def test_numpy_functions_as_references() -> None:
    assert stays_within(noise_of(np.mean, [1.5, 0.1, 0.7]))
    assert stays_within(noise_of(sum, [1.5, 0.1, 0.7]))


# --- what counts --------------------------------------------------------------------------------


class Wrong(Arithmetic):
    """Each result is a millionth too large."""

    def moved(self, x: Any) -> Any:
        return x * (1 + 1e-6)


def test_a_wrong_arithmetic_is_noticed() -> None:
    function, args = SHAPES["momentum"]
    traced = trace(function, args)

    def of(arithmetic: Arithmetic) -> float:
        return noise(function, lambda: args, traced.desired, traced.scale, arithmetic)

    assert 0.0 == of(Arithmetic())
    assert 1e-8 < of(Wrong()) < 1e-6


def test_one_wrong_number_of_many_is_enough() -> None:
    assert 0.5 == noise(
        lambda x: [x, {"a": x}], lambda: (1.5,), [1.5, {"a": 2.5}], [2.0, {"a": 2.0}], Arithmetic()
    )


def test_a_difference_where_the_scale_is_zero_is_infinite() -> None:
    def of(value: float) -> float:
        return noise(lambda _x: value, lambda: (1.5,), 0.0, 0.0, Arithmetic())

    assert (0.0, math.inf) == (of(0.0), of(1e-300))


def test_what_float32_cannot_hold_is_infinite() -> None:
    for function, x in [
        (lambda x: x * x, 1e30),
        (lambda x: math.exp(x), 100.0),
        (lambda x: 1 / (x * x), 1e-30),
        (lambda x: np.exp(np.array([x])), 100.0),
    ]:
        found = noise_of(function, x)
        assert math.inf == found[Kind.FLOAT32]
        assert all(value < 1e-13 for kind, value in found.items() if kind is not Kind.FLOAT32)


def test_what_diverges_ends() -> None:
    def tower(x: Any) -> Any:
        for _ in range(9):
            x = np.exp(x) - np.exp(-x) / 3
        return np.floor(x * x)

    def of(kind: Kind) -> float:
        return max(
            noise(tower, lambda: (1.5,), math.inf, 0.0, entry) for entry in arithmetics()[kind]
        )

    assert {0.0} == {of(kind) for kind in Kind}


def test_another_branch_may_end_otherwise() -> None:
    def halved(x: Any) -> Any:
        found = []
        while x + 1 > 1:
            found.append(x)
            x = x / 2
        return found

    found = noise_of(halved, 1.0)
    assert math.inf == found[Kind.FLOAT32]
    assert found[Kind.INPUTS] < TWO_ROUNDINGS


def test_an_overflow_that_is_desired() -> None:
    assert 0.0 == noise(lambda x: math.exp(x), lambda: (1e3,), OVERFLOW, None, Arithmetic())
    assert math.inf == noise(lambda x: x, lambda: (1e3,), OVERFLOW, None, Arithmetic())
    assert 0.0 == noise(lambda x: x * math.nan, lambda: (1.0,), math.nan, 0.0, Arithmetic())


# --- manners ------------------------------------------------------------------------------------


def test_figures_are_plain_floats_and_repeat() -> None:
    function, args = SHAPES["softmax"]
    found = noise_of(function, *args)
    assert {float} == set(map(type, found.values()))
    assert found == noise_of(function, *args)


def test_arguments_and_random_streams_are_left_alone() -> None:
    random.seed(1)
    np.random.seed(1)
    before = (random.getstate(), np.random.get_state()[1].tolist())  # type: ignore[index]
    xs, matrix = [1.5, 0.25], np.ones((2, 2))

    def reference(xs: Any, matrix: Any) -> Any:
        xs.append(0.5)
        matrix *= 3
        return sum(xs) + matrix.sum()

    measure(reference, lambda: (xs, matrix), 14.25, 40.0)
    assert before == (random.getstate(), np.random.get_state()[1].tolist())  # type: ignore[index]
    assert [1.5, 0.25] == xs
    assert 4.0 == matrix.sum()


def test_without_mpmath_there_is_no_truth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert set(Kind) - {Kind.TRUTH} == set(noise_of(lambda x: x * 0.1, 0.3))


def test_random_moves_differ_between_seeds() -> None:
    found = {
        noise(lambda xs: sum(xs), lambda: ([0.1] * 50,), 5.0, 5.0, MovedResults(seed))
        for seed in range(5)
    }
    assert len(found) > 1


def test_a_reference_that_asks_for_types_is_found_out() -> None:
    with pytest.raises(AuthorError, match="type of a number"):
        measure(lambda x: 1.0 if type(x) is float else 2.0, lambda: (2.5,), 1.0, 1.0)


def test_an_operation_that_cannot_be_done_is_named() -> None:
    with pytest.raises(AuthorError, match=r"math\.frexp\(\): avoid it in the reference"):
        measure(lambda x: math.frexp(x)[0], lambda: (2.5,), 0.625, 1.0)
    with pytest.raises(AuthorError, match=r"TypeError: .*; avoid the operation"):
        measure(lambda x: x + "s", lambda: (2.5,), 0.625, 1.0)
