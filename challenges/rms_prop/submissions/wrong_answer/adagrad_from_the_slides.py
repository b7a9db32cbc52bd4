import numpy as np


def rmsProp(params, grads, lr, decay, eps):
    theta = np.array(params, dtype=float)
    G = np.zeros(len(params))
    for g in grads:
        g = np.array(g)
        G += g**2
        theta = theta - lr / (np.sqrt(G) + eps) * g
    return theta
