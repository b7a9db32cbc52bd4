# mistake: the workers' gradients are averaged with equal weights, not weighted by the sizes of their shards.
import numpy as np


def allReduceSGD(shards, w, lr, steps):
    for _ in range(steps):
        grads = [
            np.mean([2 * (w * p["x"] - p["y"]) * p["x"] for p in shard])
            for shard in shards
            if shard
        ]
        if not grads:
            return w
        w = w - lr * np.mean(grads)
    return w
