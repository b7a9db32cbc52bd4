# mistake: the step divides by the largest second moment so far (AMSGrad), not by the present one.
import numpy as np


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = np.array(params, dtype=float)
    m = np.zeros_like(p)
    v = np.zeros_like(p)
    vmax = np.zeros_like(p)
    for t, g in enumerate(grads, 1):
        g = np.asarray(g, dtype=float)
        p = p * (1 - lr * weightDecay)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        mhat = m / (1 - beta1**t)
        vmax = np.maximum(vmax, v / (1 - beta2**t))
        p = p - lr * mhat / (np.sqrt(vmax) + eps)
    return p
