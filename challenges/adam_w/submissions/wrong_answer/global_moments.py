from math import sqrt

m = {}
v = {}


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = list(params)
    for t, g in enumerate(grads, start=1):
        for i in range(len(p)):
            p[i] -= lr * weightDecay * p[i]
            m[i] = beta1 * m.get(i, 0.0) + (1 - beta1) * g[i]
            v[i] = beta2 * v.get(i, 0.0) + (1 - beta2) * g[i] * g[i]
            p[i] -= lr * m[i] / (1 - beta1**t) / (sqrt(v[i] / (1 - beta2**t)) + eps)
    return p
