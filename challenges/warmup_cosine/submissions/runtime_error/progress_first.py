from math import cos, pi


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    if step >= totalSteps:
        return minLr
    if progress < 0 or step < warmupSteps:
        return baseLr * step / warmupSteps
    return minLr + (baseLr - minLr) * (1 + cos(pi * progress)) / 2
