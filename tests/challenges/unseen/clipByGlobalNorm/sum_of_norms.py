# mistake: the norms of the arrays are added up, instead of taking the root of the sum of all squares.
import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm must not be negative")
    total = sum(np.linalg.norm(g) for g in gradients)
    if total > maxNorm:
        return [g * (maxNorm / total) for g in gradients]
    return [g.copy() for g in gradients]
