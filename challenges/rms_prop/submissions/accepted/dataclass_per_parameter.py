from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Sequence


@dataclass
class Parameter:
    value: float
    mean_square: float = 0.0

    def update(self, g: float, lr: float, decay: float, eps: float) -> None:
        self.mean_square = self.mean_square * decay + g * g * (1.0 - decay)
        self.value = self.value - (lr / (sqrt(self.mean_square) + eps)) * g


def rmsProp(
    params: Sequence[float],
    grads: Sequence[Sequence[float]],
    lr: float,
    decay: float,
    eps: float,
) -> tuple[float, ...]:
    parameters = [Parameter(p) for p in params]
    for step in grads:
        for parameter, g in zip(parameters, step):
            parameter.update(g, lr, decay, eps)
    return tuple(parameter.value for parameter in parameters)
