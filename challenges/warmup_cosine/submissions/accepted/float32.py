import numpy as np

f = np.float32


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    base, low = f(baseLr), f(minLr)
    if step >= totalSteps:
        return low
    if step < warmupSteps:
        return base * f(step) / f(warmupSteps)
    progress = f(step - warmupSteps) / f(totalSteps - warmupSteps)
    return low + (base - low) * (f(1) + np.cos(f(np.pi) * progress)) / f(2)
