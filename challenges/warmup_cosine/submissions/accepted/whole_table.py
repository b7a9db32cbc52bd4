import math


def table(warmup, total, base, low):
    """All rates of a schedule, in order."""
    rates = []
    for s in range(min(warmup, total)):
        rates.append(base * s / warmup)
    length = total - warmup
    for k in range(length):
        rates.append(low + (base - low) * (1 + math.cos(k / length * math.pi)) / 2)
    return rates


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    rates = table(warmupSteps, totalSteps, baseLr, minLr)
    try:
        return rates[step]
    except IndexError:
        return minLr
