import math


def sum_of_squares(arrays):
    if len(arrays) == 0:
        return 0.0
    first, *others = arrays
    return float((first * first).sum()) + sum_of_squares(others)


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError
    total = sum_of_squares(gradients)
    if total <= maxNorm**2:
        return list(gradients)
    return [g * (maxNorm / math.sqrt(total)) for g in gradients]
