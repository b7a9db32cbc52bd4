from functools import reduce
from math import sqrt


def rmsProp(params, grads, lr, decay, eps):
    def update(state, step):
        s = [decay * old + (1 - decay) * g * g for (_, old), g in zip(state, step)]
        p = [now - lr * g / (sqrt(m) + eps) for (now, _), g, m in zip(state, step, s)]
        return list(zip(p, s))

    return [p for p, _ in reduce(update, grads, [(p, 0.0) for p in params])]
