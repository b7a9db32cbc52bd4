from typing import TypedDict

import numpy as np
import numpy.typing as npt


class Point(TypedDict):
    x: float
    y: float


def padded(shards: list[list[Point]], key: str, width: int) -> npt.NDArray[np.float64]:
    out = np.zeros((len(shards), width))
    for i, shard in enumerate(shards):
        for j, point in enumerate(shard):
            out[i, j] = point[key]
    return out


def allReduceSGD(shards: list[list[Point]], w: float, lr: float, steps: int) -> float:
    width = max((len(shard) for shard in shards), default=0)
    if width == 0:
        return w
    x, y = padded(shards, "x", width), padded(shards, "y", width)  # padding has x = 0: no slope
    sizes = np.array([len(shard) for shard in shards])
    weights = sizes / sizes.sum()
    weight = np.float64(w)
    for _ in range(steps):
        sums = (2 * (weight * x - y) * x).sum(axis=1)
        means = sums / np.maximum(sizes, 1)
        weight = weight - lr * (weights @ means)
    return weight
