def rmsProp(params, grads, lr, decay, eps):
    p = params[:]
    s = [0] * len(p)
    for g in grads:
        for i in range(len(p)):
            s[i] = decay * s[i] + (1 - decay) * g[i] ** 2
            p[i] = p[i] - lr * g[i] / (s[i] ** 0.5 + eps)
    print(p)
