import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    w = w.astype(float)
    v = np.zeros_like(w)
    for g in gradients:
        w = w - lr * (g + beta * v)  # first look ahead ...
        v = beta * v + g  # ... then bring the velocity up to date
    return w
