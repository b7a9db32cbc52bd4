import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    if step >= totalSteps:
        lr = minLr
    elif step < warmupSteps:
        lr = baseLr * (step / warmupSteps)
    else:
        decay_steps = totalSteps - warmupSteps
        current = step - warmupSteps
        cosine = math.cos(math.pi * current / decay_steps)
        lr = minLr + 0.5 * (baseLr - minLr) * (1 + cosine)
    return lr


if __name__ == "__main__":
    for s in range(20):
        print(s, warmupCosine(s, 5, 18, 0.001, 0.00001))
