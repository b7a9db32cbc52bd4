import numpy as np


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    s = np.asarray(step, dtype=float)
    warm = baseLr * s / max(warmupSteps, 1)
    progress = (s - warmupSteps) / max(totalSteps - warmupSteps, 1)
    cosine = minLr + (baseLr - minLr) * 0.5 * (1.0 + np.cos(np.pi * progress))
    return np.where(s >= totalSteps, minLr, np.where(s < warmupSteps, warm, cosine))
