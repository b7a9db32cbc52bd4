import math


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, g in enumerate(grads):
        bias1 = 1 - beta1**t
        bias2 = 1 - beta2**t
        for i in range(len(p)):
            p[i] -= lr * weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g[i]
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
            p[i] -= lr * m[i] / bias1 / (math.sqrt(v[i] / bias2) + eps)
    return p
