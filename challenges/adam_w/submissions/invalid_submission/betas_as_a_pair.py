from math import sqrt


def adamW(params, grads, lr, betas, eps, weightDecay):
    b1, b2 = betas
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    for t, g in enumerate(grads, start=1):
        for i in range(len(p)):
            p[i] *= 1 - lr * weightDecay
            m[i] = b1 * m[i] + (1 - b1) * g[i]
            v[i] = b2 * v[i] + (1 - b2) * g[i] ** 2
            p[i] -= lr * m[i] / (1 - b1**t) / (sqrt(v[i] / (1 - b2**t)) + eps)
    return p
