from __future__ import annotations

from typing import Sequence


class Smoother:
    """Exponential moving average that corrects for its start."""

    def __init__(self, beta: float) -> None:
        self.beta = beta
        self.mean = 0.0
        self.steps = 0

    def update(self, loss: float) -> None:
        self.steps += 1
        self.mean = self.beta * self.mean + (1.0 - self.beta) * loss

    @property
    def value(self) -> float:
        return self.mean / (1.0 - self.beta**self.steps)

    def __call__(self, loss: float) -> float:
        self.update(loss)
        return self.value


def smoothLoss(losses: Sequence[float], beta: float) -> list[float]:
    smoother = Smoother(beta)
    return [smoother(loss) for loss in losses]
