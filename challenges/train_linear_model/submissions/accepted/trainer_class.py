from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Iterator


@dataclass
class LinearModel:
    weight: float = 0.0
    bias: float = 0.0

    def predict(self, x: float) -> float:
        return self.weight * x + self.bias

    def gradient(self, batch: list[dict[str, float]]) -> tuple[float, float]:
        n = len(batch)
        residuals = [(self.predict(s["x"]) - s["y"], s["x"]) for s in batch]
        return sum(2 * r * x for r, x in residuals) / n, sum(2 * r for r, _ in residuals) / n


@dataclass
class Loader:
    data: list[dict[str, float]]
    size: int
    rng: random.Random = field(default_factory=lambda: random.Random(42))

    def __iter__(self) -> Iterator[list[dict[str, float]]]:
        order = list(range(len(self.data)))
        self.rng.shuffle(order)
        while order:
            taken, order = order[: self.size], order[self.size :]
            yield [self.data[i] for i in taken]


class Trainer:
    def __init__(self, lr: float) -> None:
        self.lr = lr

    def fit(self, model: LinearModel, loader: Loader, epochs: int) -> LinearModel:
        for _ in range(epochs):
            for batch in loader:
                dw, db = model.gradient(batch)
                model.weight -= self.lr * dw
                model.bias -= self.lr * db
        return model


def trainLinearModel(data, lr, epochs, batchSize):
    model = Trainer(lr).fit(LinearModel(), Loader(data, batchSize), epochs)
    return {"weight": model.weight, "bias": model.bias}
