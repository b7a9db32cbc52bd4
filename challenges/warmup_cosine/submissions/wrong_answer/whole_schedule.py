import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    rates = [baseLr * s / warmupSteps for s in range(min(warmupSteps, totalSteps))]
    span = totalSteps - warmupSteps
    for s in range(span):
        rates.append(minLr + (baseLr - minLr) * (1 + math.cos(math.pi * s / span)) / 2)
    return rates
