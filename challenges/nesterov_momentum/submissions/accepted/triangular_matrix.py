import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    g = np.asarray(gradients, dtype=float)
    n = g.shape[0]
    decay = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            decay[i, j] = beta ** (i - j)
    velocities = decay @ g
    steps = lr * g + lr * beta * velocities
    return np.asarray(w, dtype=float) - steps.sum(axis=0)
