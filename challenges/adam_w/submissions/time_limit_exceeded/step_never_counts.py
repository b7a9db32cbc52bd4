def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = list(params)
    m = [0.0] * len(p)
    v = [0.0] * len(p)
    t = 1
    while t <= len(grads):
        for i, g in enumerate(grads[t - 1]):
            p[i] *= 1 - lr * weightDecay
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            p[i] -= lr * m[i] / (1 - beta1**t) / ((v[i] / (1 - beta2**t)) ** 0.5 + eps)
    return p
