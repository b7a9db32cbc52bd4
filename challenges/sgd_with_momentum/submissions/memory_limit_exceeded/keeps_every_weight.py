import numpy as np


def sgdWithMomentum(data, lr, beta, epochs):
    history = np.zeros((200_000, 1000, 8))  # room for the weight after every step
    w = v = 0
    for _ in range(epochs):
        for s in data:
            v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
            w = w - lr * v
            history[0, 0, 0] = w
    return w
