import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if norm > maxNorm:
        for g in gradients:
            g *= maxNorm / norm
    return gradients
