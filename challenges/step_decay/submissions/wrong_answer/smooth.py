import math


def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every must be > 0")
    return baseLr * math.pow(factor, epoch / every)
