import math


def cosine_of_multiple(k, c):
    """cos(k*x) from c = cos(x)."""
    if k == 0:
        return 1.0
    if k == 1:
        return c
    if k % 2 == 0:
        return 2 * cosine_of_multiple(k // 2, c) ** 2 - 1
    return 2 * c * cosine_of_multiple(k - 1, c) - cosine_of_multiple(k - 2, c)


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    small = math.cos(math.pi / (totalSteps - warmupSteps))
    c = cosine_of_multiple(step - warmupSteps, small)
    return minLr + (baseLr - minLr) * (1 + c) / 2
