# mistake: the warm-up rises from minLr to baseLr, instead of from 0.
import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return minLr + (baseLr - minLr) * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + 0.5 * (baseLr - minLr) * (1 + math.cos(math.pi * progress))
