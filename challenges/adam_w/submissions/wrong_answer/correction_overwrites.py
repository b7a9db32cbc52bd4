import numpy as np


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = np.asarray(params, dtype=np.float64)
    m = v = np.zeros(len(p))
    for t, g in enumerate(np.asarray(grads, dtype=np.float64), start=1):
        p = p - lr * weightDecay * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m = m / (1 - beta1**t)
        v = v / (1 - beta2**t)
        p = p - lr * m / (np.sqrt(v) + eps)
    return list(p)
