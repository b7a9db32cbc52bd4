def rmsProp(params, grads, lr, decay, eps):
    s = [0] * len(params)
    for step in grads:
        for i in range(len(params)):
            s[i] = decay * s[i] + (1 - decay) * step[i] ** 2
            params[i] -= lr * step[i] / (s[i] ** 0.5 + eps)
    return params
