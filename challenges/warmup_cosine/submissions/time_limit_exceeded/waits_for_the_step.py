import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    now = 0
    while now != step:
        if now < totalSteps:
            now += 1
    if now >= totalSteps:
        return minLr
    if now < warmupSteps:
        return baseLr * now / warmupSteps
    progress = (now - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2
