import numpy as np


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    lr = minLr + (baseLr - minLr) * (1 + np.cos(np.pi * step / totalSteps)) / 2
    if step < warmupSteps:
        lr = baseLr * step / warmupSteps
    if step >= totalSteps:
        lr = minLr
    return lr
