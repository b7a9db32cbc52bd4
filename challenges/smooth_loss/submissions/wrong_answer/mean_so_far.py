import numpy as np


def smoothLoss(losses, beta):
    return np.cumsum(losses) / np.arange(1, len(losses) + 1)
