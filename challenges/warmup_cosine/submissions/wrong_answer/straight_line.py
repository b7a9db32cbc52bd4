def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    left = (totalSteps - step) / (totalSteps - warmupSteps)
    return minLr + left * (baseLr - minLr)
