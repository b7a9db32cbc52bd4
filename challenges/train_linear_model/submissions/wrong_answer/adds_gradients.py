import numpy as np


def trainLinearModel(data, lr, epochs, batchSize):
    x = np.array([d["x"] for d in data], float)
    y = np.array([d["y"] for d in data], float)
    w = b = 0.0
    for _ in range(epochs):
        p = np.random.permutation(len(x))
        for s in range(0, len(x), batchSize):
            i = p[s:s + batchSize]
            e = w * x[i] + b - y[i]
            w, b = w - lr * 2 * (e @ x[i]), b - lr * 2 * e.sum()
    return {"weight": w, "bias": b}
