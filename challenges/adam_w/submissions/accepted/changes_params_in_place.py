import math


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    m = [0.0] * len(params)
    v = [0.0] * len(params)
    for t, g in enumerate(grads, start=1):
        for i in range(len(params)):
            params[i] -= lr * weightDecay * params[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g[i]
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2
            m_hat = m[i] / (1 - beta1**t)
            v_hat = v[i] / (1 - beta2**t)
            params[i] -= lr * m_hat / (math.sqrt(v_hat) + eps)
    return params
