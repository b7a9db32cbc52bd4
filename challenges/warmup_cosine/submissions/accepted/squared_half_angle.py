# (1 + cos x)/2 is cos(x/2) squared
from math import cos, pi


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return step / warmupSteps * baseLr
    half_angle = pi / 2 * (step - warmupSteps) / (totalSteps - warmupSteps)
    share = cos(half_angle) ** 2
    return share * baseLr + (1 - share) * minLr
