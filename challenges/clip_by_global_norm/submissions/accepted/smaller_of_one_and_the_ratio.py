import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm < 0")
    norm = np.sqrt(np.sum([np.sum(g**2) for g in gradients]))
    if norm == 0:
        return list(gradients)
    return [g * min(1.0, maxNorm / norm) for g in gradients]
