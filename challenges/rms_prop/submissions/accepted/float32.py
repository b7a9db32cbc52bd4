import numpy as np

F = np.float32


def rmsProp(params, grads, lr, decay, eps):
    lr, decay, eps = F(lr), F(decay), F(eps)
    p = np.array(params, dtype=F)
    s = np.zeros(len(params), dtype=F)
    for step in grads:
        g = np.array(step, dtype=F)
        s = decay * s + (F(1) - decay) * g * g
        p = p - lr * g / (np.sqrt(s) + eps)
    assert p.dtype == F
    return p
