import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    # float copies, so that += and -= neither touch the caller's arrays nor truncate
    w = w.astype(np.float64, copy=True)
    v = np.zeros_like(w)
    for g in gradients.astype(np.float64):
        v *= beta
        v += g
        w -= lr * g
        w -= lr * beta * v
    return w
