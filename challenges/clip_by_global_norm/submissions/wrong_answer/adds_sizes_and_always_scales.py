import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    total = 0.0
    for g in gradients:
        total += np.abs(g).sum()
    if total == 0:
        return gradients
    return [g / total * maxNorm for g in gradients]
