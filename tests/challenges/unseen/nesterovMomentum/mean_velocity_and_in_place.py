# mistake: two mistakes: the velocity takes only (1 - beta) of the gradient, and `w -=` writes into the caller's array.
import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    v = np.zeros(len(w))
    for g in gradients:
        v = beta * v + (1 - beta) * g
        w -= lr * (g + beta * v)
    return w
