# mistake: `m = v = [0.0] * n` makes both moments the same list, so that the second moment overwrites the first and is built on it.
from math import sqrt


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    n = len(params)
    out = list(params)
    m = v = [0.0] * n
    t = 0
    for gs in grads:
        t += 1
        for i in range(n):
            g = gs[i]
            out[i] = out[i] - lr * weightDecay * out[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            m_hat = m[i] / (1 - beta1**t)
            v_hat = v[i] / (1 - beta2**t)
            out[i] = out[i] - lr * m_hat / (sqrt(v_hat) + eps)
    return out
