import numpy as np


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = np.array(params)
    m = np.zeros(len(p))
    v = np.zeros(len(p))
    for t, row in enumerate(grads, start=1):
        g = np.array(row)
        p -= lr * weightDecay * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        p -= lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return p
