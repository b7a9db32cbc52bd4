import math


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    match (step < totalSteps, step < warmupSteps):
        case (False, _):
            rate = minLr
        case (True, True):
            rate = baseLr * step / warmupSteps
        case _:
            angle = math.radians(180 * (step - warmupSteps) / (totalSteps - warmupSteps))
            rate = minLr + (baseLr - minLr) * (0.5 + 0.5 * math.cos(angle))
    print(f"step {step}: lr = {rate:.6f}")
    return rate
