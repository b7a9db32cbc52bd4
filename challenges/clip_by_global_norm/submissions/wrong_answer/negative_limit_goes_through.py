import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if norm > maxNorm >= 0:
        return [g * (maxNorm / norm) for g in gradients]
    return list(gradients)
