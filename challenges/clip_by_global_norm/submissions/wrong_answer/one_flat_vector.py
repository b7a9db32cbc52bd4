import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    flat = np.concatenate([np.zeros(0)] + [g.ravel() for g in gradients])
    norm = np.sqrt(np.sum(flat**2))
    if norm > maxNorm:
        flat = flat * maxNorm / norm
    return flat
