def rmsProp(params, grads, lr, decay, eps):
    p = dict(enumerate(params))
    s = dict.fromkeys(p, 0.0)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] -= lr * g / (s[i] ** 0.5 + eps)
    return p
