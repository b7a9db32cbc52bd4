import numpy as np


def nesterov_momentum(weights, grads, learning_rate, momentum):
    current = weights.astype("float64")
    v = np.zeros(current.shape)
    t = 0
    while t < grads.shape[0]:
        v = np.add(np.multiply(momentum, v), grads[t])
        current = np.subtract(current, learning_rate * (grads[t] + momentum * v))
        t += 1
    return current
