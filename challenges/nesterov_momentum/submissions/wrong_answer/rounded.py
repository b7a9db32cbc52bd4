import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    v = np.zeros(w.shape)
    for g in gradients:
        v = beta * v + g
        w = w - lr * (g + beta * v)
    return np.round(w.astype(float), 2)
