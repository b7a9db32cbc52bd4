import numpy as np


def sgdWithMomentum(data, lr, beta, epochs):
    if len(data) == 0:
        return 0
    x = np.array([d["x"] for d in data])
    y = np.array([d["y"] for d in data])
    w, v = 0.0, 0.0
    for _ in range(epochs):
        grad = np.mean(2 * (w * x - y) * x)
        v = beta * v + grad
        w -= lr * v
    return w
