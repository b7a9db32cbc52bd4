import numpy as np


def worker_gradient(w, xy):
    x, y = xy.T
    return np.mean(2 * x * (w * x - y))


def allReduceSGD(shards, w, lr, steps):
    data = [np.array([[p["x"], p["y"]] for p in shard], dtype=float) for shard in shards if shard]
    if not data:
        return w
    sizes = [len(d) for d in data]
    for _ in range(steps):
        grads = [worker_gradient(w, d) for d in data]
        w = w - lr * np.average(grads, weights=sizes)
    return w
