import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    weights = np.array(w, dtype=float)
    velocity = np.zeros(len(weights))
    for g in gradients:
        velocity = beta * velocity + g
        weights = weights - lr * (g + beta * velocity)
    return weights
