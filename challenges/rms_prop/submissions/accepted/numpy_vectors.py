import numpy as np


def rmsProp(params, grads, lr, decay, eps):
    theta = np.array(params, dtype=float)
    s = np.zeros_like(theta)
    for g in grads:
        g = np.asarray(g, dtype=float)
        s = decay * s + (1 - decay) * g**2
        theta -= lr * g / (np.sqrt(s) + eps)
    return theta
