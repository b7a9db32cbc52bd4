import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("bad maxNorm: " + str(maxNorm))
    sums = [np.sum(g * g) for g in gradients]
    norm = np.sqrt(sum(sums))
    print("sums", sums, "norm", norm)
    if norm > maxNorm:
        scale = maxNorm / norm
        print("clipping by", scale)
        return [scale * g for g in gradients]
    return gradients
