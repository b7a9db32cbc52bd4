import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step >= totalSteps:
        lr = minLr
    elif step < warmupSteps:
        lr = baseLr * step / warmupSteps
    else:
        progress = (step - warmupSteps) / (totalSteps - warmupSteps)
        lr = minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2
    print(lr)
