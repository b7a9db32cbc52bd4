def rmsProp(params, grads, lr, decay):
    p = list(params)
    s = [0.0] * len(p)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] -= lr * g / (s[i] ** 0.5 + 1e-8)
    return p
