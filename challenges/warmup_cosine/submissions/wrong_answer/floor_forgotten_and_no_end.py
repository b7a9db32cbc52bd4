# two mistakes: minLr is never used, and nothing happens at the end
from math import cos, pi


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    span = max(1, totalSteps - warmupSteps)
    return baseLr * (1 + cos(pi * (step - warmupSteps) / span)) / 2
