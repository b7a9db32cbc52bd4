import numpy as np


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    f = np.float32
    lr, b1, b2, eps, wd = f(lr), f(beta1), f(beta2), f(eps), f(weightDecay)
    one = f(1)
    p = np.array(params, dtype=f)
    m, v = np.zeros(len(p), f), np.zeros(len(p), f)
    c1 = c2 = one
    for row in grads:
        g = np.array(row, dtype=f)
        c1, c2 = c1 * b1, c2 * b2
        m = b1 * m + (one - b1) * g
        v = b2 * v + (one - b2) * g * g
        p = p - lr * wd * p
        p = p - lr * (m / (one - c1)) / (np.sqrt(v / (one - c2)) + eps)
    return p
