from functools import reduce
from itertools import chain
from math import hypot


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm has to be at least 0")
    norm = reduce(hypot, chain.from_iterable(g.flat for g in gradients), 0.0)
    factor = lambda: maxNorm / norm if norm > maxNorm else 1.0
    return list(map(lambda g: g * factor(), gradients))
