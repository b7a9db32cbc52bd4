import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    if norm > maxNorm:
        return [g * maxNorm / norm for g in gradients]
    return list(gradients)
