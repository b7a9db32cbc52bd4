import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    result = []
    for g in gradients:
        g = np.where(g > maxNorm, maxNorm, g)
        g = np.where(g < -maxNorm, -maxNorm, g)
        result.append(g)
    return result
