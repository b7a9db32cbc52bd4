import math

known = {}


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step not in known:
        if step >= totalSteps:
            known[step] = minLr
        elif step < warmupSteps:
            known[step] = baseLr * step / warmupSteps
        else:
            progress = (step - warmupSteps) / (totalSteps - warmupSteps)
            known[step] = minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2
    return known[step]
