def rmsProp(params, grads, lr, decay, eps):
    n = len(grads[0])
    p = list(params)
    s = [0.0] * n
    for step in grads:
        for i in range(n):
            s[i] = decay * s[i] + (1 - decay) * step[i] ** 2
            p[i] = p[i] - lr * step[i] / (s[i] ** 0.5 + eps)
    return p
