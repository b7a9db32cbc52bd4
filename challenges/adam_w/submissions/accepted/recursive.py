import math


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    def go(p, m, v, t):
        if t > len(grads):
            return p
        g = grads[t - 1]
        p = [x - lr * weightDecay * x for x in p]
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(m, g)]
        v = [beta2 * a + (1 - beta2) * b * b for a, b in zip(v, g)]
        p = [
            x - lr * (a / (1 - beta1**t)) / (math.sqrt(b / (1 - beta2**t)) + eps)
            for x, a, b in zip(p, m, v)
        ]
        return go(p, m, v, t + 1)

    zeros = [0] * len(params)
    return go(list(params), zeros, zeros, 1)
