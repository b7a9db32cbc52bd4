import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if warmupSteps > 0 and step < warmupSteps:
        return baseLr * step / warmupSteps
    if step >= totalSteps:
        return minLr
    decay = (step - warmupSteps) / (totalSteps - warmupSteps)
    coefficient = 0.5 * (1.0 + math.cos(math.pi * decay))
    return minLr + coefficient * (baseLr - minLr)
