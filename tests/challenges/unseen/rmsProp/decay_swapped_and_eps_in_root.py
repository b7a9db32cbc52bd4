# mistake: two mistakes: decay and 1 - decay have changed places in the running mean, and eps is added inside the root.
import numpy as np


def rmsProp(params, grads, lr, decay, eps):
    theta = np.array(params, dtype=np.float64)
    s = np.zeros(theta.shape)
    for g in grads:
        g = np.array(g, dtype=np.float64)
        s = (1 - decay) * s + decay * g**2
        theta = theta - lr * g / np.sqrt(s + eps)
    return theta
