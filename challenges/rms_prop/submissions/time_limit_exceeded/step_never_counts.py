def rmsProp(params, grads, lr, decay, eps):
    p = list(params)
    s = [0] * len(p)
    t = 0
    while t < len(grads):
        for i in range(len(p)):
            g = grads[t][i]
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
    return p
