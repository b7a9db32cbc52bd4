import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    limit = np.float32(maxNorm)
    singles = [np.asarray(g, dtype=np.float32) for g in gradients]
    total = np.float32(0)
    for g in singles:
        total += np.square(g).sum(dtype=np.float32)
    norm = np.sqrt(total)
    if norm > limit:
        singles = [g * (limit / norm) for g in singles]
    return singles
