import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm must not be negative")
    if not gradients:
        return []
    everything = np.concatenate([g.ravel() for g in gradients])
    norm = np.linalg.norm(everything)
    if norm <= maxNorm:
        return [g.copy() for g in gradients]
    return [g * maxNorm / norm for g in gradients]
