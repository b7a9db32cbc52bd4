# mistake: it divides by the running standard deviation (the running mean of the gradients is subtracted: centered RMSProp), not by the root of the mean square.
import numpy as np


def rmsProp(params, grads, lr, decay, eps):
    x = np.array(params, dtype=float)
    mean = np.zeros_like(x)
    sq = np.zeros_like(x)
    for g in np.array(grads, dtype=float):
        mean = decay * mean + (1 - decay) * g
        sq = decay * sq + (1 - decay) * g * g
        var = np.maximum(sq - mean**2, 0)
        x = x - lr * g / (np.sqrt(var) + eps)
    return x
