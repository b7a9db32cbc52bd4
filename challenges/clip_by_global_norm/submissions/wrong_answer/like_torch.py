import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    total_norm = np.sqrt(np.sum([np.sum(g * g) for g in gradients]))
    clip_coef = maxNorm / (total_norm + 1e-6)
    return [g * min(clip_coef, 1.0) for g in gradients]
