from itertools import chain, islice, repeat
from math import cos, pi


def warming(steps, base):
    yield from (base * k / steps for k in range(steps))


def cooling(steps, base, low):
    yield from (low + (base - low) * (cos(pi * k / steps) + 1) / 2 for k in range(steps))


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    rates = chain(
        islice(warming(warmupSteps, baseLr), totalSteps),
        cooling(max(totalSteps - warmupSteps, 0), baseLr, minLr),
        repeat(minLr),
    )
    return next(islice(rates, step, None))
