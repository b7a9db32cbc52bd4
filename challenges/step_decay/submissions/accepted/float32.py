import numpy as np


def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every has to be positive")
    lr = np.float32(baseLr)
    factor = np.float32(factor)
    for _ in range(epoch // every):
        lr = lr * factor
    assert lr.dtype == np.float32
    return lr
