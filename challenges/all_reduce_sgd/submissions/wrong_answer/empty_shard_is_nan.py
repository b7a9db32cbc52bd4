import numpy as np


def allReduceSGD(shards, w, lr, steps):
    total = sum(len(s) for s in shards)
    for _ in range(steps):
        g = 0
        for s in shards:
            grads = [2 * (w * p["x"] - p["y"]) * p["x"] for p in s]
            g += np.mean(grads) * len(s) / total  # the mean of nothing is nan
        w = w - lr * g
    return w
