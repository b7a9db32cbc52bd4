import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    norm = np.sqrt(sum(np.sum(g * g) for g in gradients)
    if norm > maxNorm:
        return [g * maxNorm / norm for g in gradients]
    return gradients
