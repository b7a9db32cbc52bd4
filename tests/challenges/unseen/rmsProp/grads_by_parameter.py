# mistake: grads is read as one list for each parameter, but it has one list for each step: rows and columns are mixed up.
from math import sqrt


def rmsProp(params, grads, lr, decay, eps):
    result = []
    for i, p in enumerate(params):
        s = 0.0
        if len(grads) > 0:
            for g in grads[i]:
                s = decay * s + (1 - decay) * g * g
                p = p - lr * g / (sqrt(s) + eps)
        result.append(p)
    return result
