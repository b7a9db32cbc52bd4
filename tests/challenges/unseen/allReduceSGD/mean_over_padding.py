# mistake: the shards are padded with zeros to the longest one and each worker's mean counts the padding, so that short shards get gradients that are too small.
import numpy as np


def allReduceSGD(shards, w, lr, steps):
    sizes = np.array([len(s) for s in shards])
    if sizes.sum() == 0:
        return w
    longest = sizes.max()
    X = np.zeros((len(shards), longest))
    Y = np.zeros((len(shards), longest))
    for k, shard in enumerate(shards):
        for j, p in enumerate(shard):
            X[k, j] = p["x"]
            Y[k, j] = p["y"]
    weights = sizes / sizes.sum()
    for _ in range(steps):
        G = 2 * (w * X - Y) * X
        worker_grads = G.mean(axis=1)
        w = w - lr * (worker_grads * weights).sum()
    return float(w)
