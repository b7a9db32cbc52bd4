import math

current = 0


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    # every call is the next step, as with a scheduler's step()
    global current
    now = current
    current += 1
    if now >= totalSteps:
        return minLr
    if now < warmupSteps:
        return baseLr * now / warmupSteps
    progress = (now - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2
