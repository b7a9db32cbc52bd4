import math

import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm is negative")

    total = 0
    for g in gradients:
        for x in g.flatten():
            total = total + x * x
    norm = math.sqrt(total)

    result = []
    for g in gradients:
        numbers = []
        for x in g.flatten():
            if norm > maxNorm:
                numbers.append(x / norm * maxNorm)
            else:
                numbers.append(x)
        result.append(np.array(numbers, dtype=float).reshape(g.shape))
    return result
