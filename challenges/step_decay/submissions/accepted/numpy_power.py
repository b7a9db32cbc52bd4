import numpy as np


def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every <= 0")
    return baseLr * np.power(np.float64(factor), np.floor_divide(epoch, every))
