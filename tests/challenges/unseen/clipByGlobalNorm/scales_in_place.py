# mistake: `*=` changes the arrays of the caller.
import math

import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError
    norm = math.sqrt(sum(float(np.sum(np.square(g))) for g in gradients))
    if norm > maxNorm:
        for g in gradients:
            g *= maxNorm / norm
    return gradients
