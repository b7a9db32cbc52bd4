from math import cos, pi

warmupCosine = lambda step, warmupSteps, totalSteps, baseLr, minLr: (
    minLr
    if step >= totalSteps
    else baseLr * step / warmupSteps
    if step < warmupSteps
    else minLr + (baseLr - minLr) / 2 * (1 + cos(pi * (step - warmupSteps) / (totalSteps - warmupSteps)))
)
