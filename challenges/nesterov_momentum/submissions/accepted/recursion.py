import numpy as np


def go(w, v, gradients, lr, beta):
    if len(gradients) == 0:
        return w
    g, rest = gradients[0], gradients[1:]
    v = beta * v + g
    return go(w - lr * (g + beta * v), v, rest, lr, beta)


def nesterovMomentum(w, gradients, lr, beta):
    return go(w + 0.0, np.zeros(np.shape(w)), gradients, lr, beta)
