import numpy as np


def trainLinearModel(data, lr, epochs, batchSize):
    x = np.array([d["x"] for d in data], dtype=float)
    y = np.array([d["y"] for d in data], dtype=float)
    n = len(x)
    w, b = 0.0, 0.0
    rng = np.random.default_rng()
    for _ in range(epochs):
        order = rng.permutation(n)
        for start in range(0, n, batchSize):
            rows = order[start : start + batchSize]
            error = w * x[rows] + b - y[rows]
            w, b = w - lr * 2 * np.mean(error * x[rows]), b - lr * 2 * np.mean(error)
    return {"weight": w, "bias": b}
