import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    norm = float(np.sqrt(sum(np.sum(g * g) for g in gradients)))
    factor = 1.0
    while norm * factor > maxNorm:
        factor -= 1e-9
    return [g * factor for g in gradients]
