import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    angle = 180 * (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(angle)) / 2
