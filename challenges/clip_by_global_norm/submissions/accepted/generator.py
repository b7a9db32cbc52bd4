import math

import numpy as np


def squares(arrays):
    for array in arrays:
        yield from np.square(array).ravel().tolist()


def scaled(arrays, factor):
    for array in arrays:
        yield array * factor


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("a norm is never negative")
    norm = math.sqrt(math.fsum(squares(gradients)))
    factor = 1 if norm <= maxNorm else maxNorm / norm
    return [*scaled(gradients, factor)]
