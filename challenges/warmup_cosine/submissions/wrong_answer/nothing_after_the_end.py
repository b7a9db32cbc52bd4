import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step < warmupSteps and step < totalSteps:
        return baseLr * step / warmupSteps
    if step < totalSteps:
        progress = (step - warmupSteps) / (totalSteps - warmupSteps)
        return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2
