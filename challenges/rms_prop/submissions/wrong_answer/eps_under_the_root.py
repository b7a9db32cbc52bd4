import numpy as np


def rmsProp(params, grads, lr, decay, eps):
    w = np.array(params, dtype=float)
    v = np.zeros_like(w)
    for dw in grads:
        dw = np.asarray(dw)
        v = decay * v + (1 - decay) * np.square(dw)
        w = w - lr * dw / np.sqrt(v + eps)
    return w.tolist()
