import numpy as np


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    w = np.array(params, dtype=float)
    m = np.zeros(w.shape)
    v = np.zeros(w.shape)
    for t in range(1, len(grads) + 1):
        g = np.array(grads[t - 1]) + weightDecay * w
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w.tolist()
