import numpy as np


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    theta = np.array(params, dtype=float)
    m = np.zeros_like(theta)
    v = np.zeros_like(theta)
    for t, g in enumerate(grads, 1):
        g = np.asarray(g, dtype=float)
        theta *= 1 - lr * weightDecay
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        theta -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return theta
