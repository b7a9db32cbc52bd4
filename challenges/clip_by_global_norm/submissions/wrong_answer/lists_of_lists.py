import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    factor = maxNorm / norm if norm > maxNorm else 1
    return [(g * factor).tolist() for g in gradients]
