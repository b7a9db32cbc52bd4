from functools import reduce
from math import sqrt


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    def advance(state, item):
        p, m, v = state
        t, g = item
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        kept = (1 - lr * weightDecay) * p
        return kept - lr * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + eps), m, v

    def column(i):
        return enumerate((row[i] for row in grads), start=1)

    return [reduce(advance, column(i), (p, 0.0, 0.0))[0] for i, p in enumerate(params)]
