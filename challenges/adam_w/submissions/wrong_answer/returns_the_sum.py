import numpy as np


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    total = 0.0
    for i, p in enumerate(params):
        m = v = 0.0
        for t, row in enumerate(grads, 1):
            p -= lr * weightDecay * p
            m = beta1 * m + (1 - beta1) * row[i]
            v = beta2 * v + (1 - beta2) * row[i] ** 2
            p -= lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        total += p
    return total
