"""The error scale of SGD with momentum against arithmetic in 50 digits, over many configurations.

Measured on 579 configurations, as the largest (and the median) of |error| / S: double
2.8e-17 (2.9e-18), float32 with rounded inputs 2.3e-8 (2.6e-9), an equivalent formula in
double 4.1e-17 (4.1e-18). The unit roundings are 1.1e-16 and 6.0e-8: none needs even one. The
tolerance of the challenges, 2**-20 = 9.5e-7, is 40 times what float32 needs.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import pytest

from grader.scale import trace

DOUBLE_ROUNDING = 2.0**-53
FLOAT32_ROUNDING = 2.0**-24
CONFIGURATIONS = 600


def sgd(data: list[dict[str, Any]], lr: Any, beta: Any, epochs: int, zero: Any = 0.0) -> Any:
    w = v = zero
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            g = 2 * (w * x - y) * x
            v = beta * v + g
            w = w - lr * v
    return w


def equivalent(data: list[dict[str, Any]], lr: Any, beta: Any, epochs: int) -> Any:
    w = u = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            u = beta * u + lr * (2 * x * x * w - 2 * x * y)
            w -= u
    return w


@dataclass(frozen=True)
class Configuration:
    data: list[dict[str, float]]
    lr: float
    beta: float
    epochs: int

    def run(self, number: Callable[[float], Any]) -> Any:
        """Run the reference in another arithmetic."""
        data = [{key: number(value) for key, value in sample.items()} for sample in self.data]
        return sgd(data, number(self.lr), number(self.beta), self.epochs, number(0.0))


def configurations() -> Iterator[Configuration]:
    """Well and badly converging, oscillating and slowly diverging runs of 1 to 600 steps."""
    rng = np.random.default_rng(2)
    for _ in range(CONFIGURATIONS):
        size = int(rng.integers(1, 13))
        x = rng.normal(size=size) * 10 ** rng.uniform(-1, 1)
        y = x * rng.normal() * 10 ** rng.uniform(-2, 4) + rng.normal(size=size)
        lr = rng.uniform(0.001, 1.0) / max(float(x @ x) / size, 1e-3)
        data = [{"x": float(a), "y": float(b)} for a, b in zip(x, y, strict=True)]
        epochs = int(10 ** rng.uniform(0, 1.7))
        yield Configuration(data, float(lr), float(rng.choice([0, 0.5, 0.9, 0.99])), epochs)


@dataclass(frozen=True)
class Ratios:
    """|error| / S of one configuration, where S is traced."""

    double: float
    float32: float
    equivalent: float


@pytest.fixture(scope="module")
def ratios() -> list[Ratios]:
    return list(filter(None, map(_measure, configurations())))


def _measure(configuration: Configuration) -> Ratios | None:
    """Measure one configuration; None where float32 leaves its range (S > 1e30)."""
    c = configuration
    traced = trace(sgd, (c.data, c.lr, c.beta, c.epochs, 0.0))
    if not traced.finite or traced.scale > 1e30:
        return None
    with mpmath.workdps(50):
        exact = c.run(mpmath.mpf)

        def ratio(value: Any) -> float:
            return float(abs(mpmath.mpf(float(value)) - exact) / traced.scale)

        return Ratios(
            ratio(traced.desired),
            ratio(c.run(np.float32)),
            ratio(equivalent(c.data, c.lr, c.beta, c.epochs)),
        )


def test_hundreds_of_configurations_are_measured(ratios: list[Ratios]) -> None:
    assert len(ratios) >= 400


def test_a_correct_double_is_within_one_rounding_of_the_scale(ratios: list[Ratios]) -> None:
    assert max(ratio.double for ratio in ratios) <= DOUBLE_ROUNDING


def test_an_equivalent_formula_is_within_one_rounding(ratios: list[Ratios]) -> None:
    assert max(ratio.equivalent for ratio in ratios) <= DOUBLE_ROUNDING


def test_float32_is_within_one_rounding_of_its_own(ratios: list[Ratios]) -> None:
    assert max(ratio.float32 for ratio in ratios) <= FLOAT32_ROUNDING


def test_the_scale_is_not_wildly_too_large(ratios: list[Ratios]) -> None:
    # Were S a forward bound, long runs would make these medians vanish and the tolerance useless.
    assert np.median([ratio.float32 for ratio in ratios]) >= FLOAT32_ROUNDING / 1000


def test_the_tolerance_stays_a_small_part_of_the_answer_over_a_thousand_steps() -> None:
    line = [{"x": x, "y": 2.0 * x} for x in (0.5, -1.0, 1.5, 0.75)]
    traced = trace(sgd, (line, 0.01, 0.9, 300, 0.0))
    assert traced.finite
    assert 2.0 == pytest.approx(traced.desired)
    assert traced.scale < 100 * abs(traced.desired)
