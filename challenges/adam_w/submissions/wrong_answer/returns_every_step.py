import math


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    history = []
    for t, g in enumerate(grads, start=1):
        for i in range(len(p)):
            p[i] -= lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g[i]
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
            p[i] -= lr * m[i] / (1 - beta1**t) / (math.sqrt(v[i] / (1 - beta2**t)) + eps)
        history.append(list(p))
    return history
