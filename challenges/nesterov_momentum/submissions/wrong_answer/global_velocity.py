import numpy as np

velocity = {}


def nesterovMomentum(w, gradients, lr, beta):
    w = w.astype(float)
    for g in gradients:
        velocity[w.shape] = beta * velocity.get(w.shape, 0) + g
        w = w - lr * (g + beta * velocity[w.shape])
    return w
