import numpy as np


def smoothLoss(losses, beta):
    losses = np.asarray(losses, dtype=float)
    m = np.zeros(len(losses) + 1)
    for i, loss in enumerate(losses):
        m[i + 1] = beta * m[i] + (1 - beta) * loss
    t = np.arange(1, len(losses) + 1)
    return m[1:] / (1 - np.power(float(beta), t))
