from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Momentum:
    lr: float
    beta: float
    velocity: float = 0.0

    def step(self, param: float, grad: float) -> float:
        self.velocity = self.beta * self.velocity + grad
        return param - self.lr * self.velocity


class LinearModel:
    def __init__(self) -> None:
        self.w = 0.0

    def gradient(self, x: float, y: float) -> float:
        return 2 * (self.w * x - y) * x

    def fit(self, data: list[dict[str, float]], optimizer: Momentum, epochs: int) -> LinearModel:
        for _ in range(epochs):
            for sample in data:
                grad = self.gradient(sample["x"], sample["y"])
                self.w = optimizer.step(self.w, grad)
        return self


def sgdWithMomentum(data, lr, beta, epochs):
    return LinearModel().fit(data, Momentum(lr, beta), epochs).w
