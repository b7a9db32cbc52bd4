import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    velocity = np.zeros(w.shape)
    for g in gradients:
        velocity = beta * velocity + g
        w -= lr * (g + beta * velocity)
    return w
