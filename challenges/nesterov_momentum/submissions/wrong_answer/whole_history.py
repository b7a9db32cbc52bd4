import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    history = np.empty((len(gradients) + 1, len(w)))
    history[0] = w
    v = np.zeros(len(w))
    for t, g in enumerate(gradients):
        v = beta * v + g
        history[t + 1] = history[t] - lr * (g + beta * v)
    return history
