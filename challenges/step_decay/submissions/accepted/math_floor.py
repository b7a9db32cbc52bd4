import math


def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    return baseLr * math.pow(factor, math.floor(epoch / every))
