# mistake: two mistakes: t counts from 0 (with the correction left out at t = 0), and the decay is not multiplied by lr.
import numpy as np


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    params = np.array(params, dtype=float)
    m = np.zeros(len(params))
    v = np.zeros(len(params))
    for t in range(len(grads)):
        g = np.array(grads[t], dtype=float)
        params = params - weightDecay * params
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        if t == 0:
            # 1 - beta**0 is 0, can not divide
            mhat, vhat = m, v
        else:
            mhat = m / (1 - beta1**t)
            vhat = v / (1 - beta2**t)
        params = params - lr * mhat / (np.sqrt(vhat) + eps)
    return params.tolist()
