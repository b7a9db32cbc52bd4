import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    # the first step by hand: velocity = gradient
    v = gradients[0]
    w = w - lr * (v + beta * v)
    for g in gradients[1:]:
        v = beta * v + g
        w = w - lr * (g + beta * v)
    return w.astype(float)
