import numpy as np


def rmsProp(params, grads, lr, decay, eps):
    """Without a running value: the mean after step t is a weighted sum of all squares so far."""
    if len(grads) == 0 or len(params) == 0:
        return list(params)
    g = np.array(grads, dtype=float)
    steps = len(g)
    age = np.subtract.outer(np.arange(steps), np.arange(steps))
    weights = np.where(age >= 0, (1 - decay) * np.power(float(decay), np.maximum(age, 0)), 0)
    rms = np.sqrt(weights @ (g * g))
    return np.array(params) - (lr * g / (rms + eps)).sum(axis=0)
