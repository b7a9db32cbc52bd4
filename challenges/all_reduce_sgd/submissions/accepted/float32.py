import numpy as np

f = np.float32


def allReduceSGD(shards, w, lr, steps):
    w, lr = f(w), f(lr)
    total = f(sum(len(s) for s in shards))
    xs = [np.array([p["x"] for p in s]).astype(f) for s in shards]
    ys = [np.array([p["y"] for p in s]).astype(f) for s in shards]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            g = f(0)
            for x, y in zip(xs, ys):
                if len(x):
                    g += np.mean(f(2) * (w * x - y) * x) * f(len(x)) / total
            w = w - lr * g
    return w
