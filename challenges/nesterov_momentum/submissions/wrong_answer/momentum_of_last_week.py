import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    """Our sgdWithMomentum of last week, on arrays now."""
    weights, v = np.array(w, dtype=float), np.zeros(w.shape)
    for g in gradients:
        v = beta * v + g
        weights = weights - lr * v
    return weights
