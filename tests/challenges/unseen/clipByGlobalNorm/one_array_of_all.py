# mistake: np.array(gradients) fails where the arrays have different shapes: they do not fit into one array.
import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("negative norm")
    g = np.array(gradients)
    norm = np.sqrt((g**2).sum())
    if norm > maxNorm:
        g = g * maxNorm / norm
    return list(g)
