import math


def update(p, g, m, v, t, lr, beta1, beta2, eps, wd):
    p = p - lr * wd * p
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    p = p - lr * (m / (1 - math.pow(beta1, t))) / (math.sqrt(v / (1 - math.pow(beta2, t))) + eps)
    return p, m, v


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    state = [(p, 0.0, 0.0) for p in params]
    for t, step in enumerate(grads, start=1):
        state = [
            update(p, g, m, v, t, lr, beta1, beta2, eps, weightDecay)
            for (p, m, v), g in zip(state, step)
        ]
        print("step", t, [round(s[0], 4) for s in state])
    return [s[0] for s in state]
