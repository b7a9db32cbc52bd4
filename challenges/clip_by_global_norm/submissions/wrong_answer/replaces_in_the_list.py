import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    for i in range(len(gradients)):
        if norm > maxNorm:
            gradients[i] = gradients[i] * maxNorm / norm
    return gradients
