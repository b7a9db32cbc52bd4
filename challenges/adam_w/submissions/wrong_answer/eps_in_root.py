def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = list(params)
    m, v = {}, {}
    for t, g in enumerate(grads, 1):
        for i in range(len(p)):
            p[i] *= 1 - lr * weightDecay
            m[i] = beta1 * m.get(i, 0) + (1 - beta1) * g[i]
            v[i] = beta2 * v.get(i, 0) + (1 - beta2) * g[i] ** 2
            p[i] -= lr * m[i] / (1 - beta1**t) * (v[i] / (1 - beta2**t) + eps) ** -0.5
    return p
