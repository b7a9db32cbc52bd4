import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    # walk to the step and keep the rate of where we are
    now = 0
    rate = None
    while now <= step and now <= totalSteps:
        if now == totalSteps:
            rate = minLr
        elif now < warmupSteps:
            rate = baseLr * now / warmupSteps
        else:
            left = totalSteps - now
            length = totalSteps - warmupSteps
            rate = minLr + (baseLr - minLr) * (1 - math.cos(math.pi * left / length)) / 2
        now += 1
    return rate
