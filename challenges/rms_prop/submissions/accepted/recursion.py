import math


def go(params, s, grads, lr, decay, eps):
    if not grads:
        return params
    first, rest = grads[0], grads[1:]
    s = [decay * m + (1 - decay) * g * g for m, g in zip(s, first)]
    params = [p - lr * g / (math.sqrt(m) + eps) for p, g, m in zip(params, first, s)]
    return go(params, s, rest, lr, decay, eps)


def rmsProp(params, grads, lr, decay, eps):
    return go(list(params), [0] * len(params), grads, lr, decay, eps)
