# mistake: two mistakes: the rate is not held at minLr after the end, and `step <= warmupSteps` divides by 0 at step 0 where there is no warm-up.
from math import cos, pi


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step <= warmupSteps:
        lr = baseLr * step / warmupSteps
    else:
        progress = (step - warmupSteps) / (totalSteps - warmupSteps)
        lr = minLr + (baseLr - minLr) * (1 + cos(pi * progress)) / 2
    return lr
