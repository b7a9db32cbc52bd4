import random
from functools import reduce


def batches(data, size):
    order = sorted(data, key=lambda _: random.random())
    return (order[i : i + size] for i in range(0, len(order), size))


def step(lr):
    def move(params, batch):
        w, b = params
        scale = 2 * lr / len(batch)
        residuals = [s["y"] - w * s["x"] - b for s in batch]
        return (
            w + scale * sum(r * s["x"] for r, s in zip(residuals, batch)),
            b + scale * sum(residuals),
        )

    return move


def trainLinearModel(data, lr, epochs, batchSize):
    params = (0.0, 0.0)
    for _ in range(epochs):
        params = reduce(step(lr), batches(data, batchSize), params)
    return dict(zip(("weight", "bias"), params))
