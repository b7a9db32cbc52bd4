import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    v = np.zeros(len(w))
    w = w.astype(float)
    for t in range(len(w)):
        g = gradients[t]
        v = beta * v + g
        w = w - lr * (g + beta * v)
    return w
