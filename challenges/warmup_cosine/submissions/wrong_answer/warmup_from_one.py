import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step >= totalSteps:
        return minLr
    elif step < warmupSteps:
        return (step + 1) / warmupSteps * baseLr
    t = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + 0.5 * (baseLr - minLr) * (1 + math.cos(t * math.pi))
