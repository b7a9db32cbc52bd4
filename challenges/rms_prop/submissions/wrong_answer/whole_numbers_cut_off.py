import numpy as np


def rmsProp(params, grads, lr, decay, eps):
    p = np.array(params)  # an array of integers when the params are integers
    s = np.zeros(len(p))
    for step in grads:
        for i in range(len(p)):
            s[i] = decay * s[i] + (1 - decay) * step[i] ** 2
            p[i] = p[i] - lr * step[i] / (np.sqrt(s[i]) + eps)
    return p
