import numpy as np


def sgdWithMomentum(data, lr, beta, epochs):
    xs = np.array([sample["x"] for sample in data], dtype=float)
    ys = np.array([sample["y"] for sample in data], dtype=float)
    w = np.zeros(())
    v = np.zeros(())
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            v = beta * v + 2 * (w * x - y) * x
            w = w - lr * v
    return w
