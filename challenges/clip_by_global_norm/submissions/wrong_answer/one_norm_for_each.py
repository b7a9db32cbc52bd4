import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    out = []
    for g in gradients:
        n = np.linalg.norm(g)
        out.append(g * maxNorm / n if n > maxNorm else g)
    return out
