import math


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    norm = math.sqrt(sum(float((g * g).sum()) for g in gradients))
    factor = maxNorm / norm
    if factor < 1:
        return [g * factor for g in gradients]
    return list(gradients)
