import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    """The form of the course notes: the velocity is signed and holds lr, and the old one is kept."""
    x = w * 1.0
    v = np.zeros(x.shape)
    for dx in gradients:
        v_prev = v
        v = beta * v - lr * dx
        x = x + (-beta * v_prev + (1 + beta) * v)
    return x
