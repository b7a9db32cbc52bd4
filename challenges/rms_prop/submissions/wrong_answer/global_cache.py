cache = {}


def rmsProp(params, grads, lr, decay, eps):
    p = list(params)
    for step in grads:
        for i, g in enumerate(step):
            cache[i] = decay * cache.get(i, 0) + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (cache[i] ** 0.5 + eps)
    return p
