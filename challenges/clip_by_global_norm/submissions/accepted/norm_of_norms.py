import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError(f"negative maxNorm: {maxNorm}")
    norms = [np.linalg.norm(g) for g in gradients]
    total = np.linalg.norm(norms)
    factor = maxNorm / total if total > maxNorm else 1.0
    return [factor * g for g in gradients]
