# mistake: the table is made by linspace, which includes its end: the warm-up reaches baseLr one step early and the cosine reaches minLr one step early.
import numpy as np


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    warm = np.linspace(0, baseLr, warmupSteps)
    angles = np.linspace(0, np.pi, max(totalSteps - warmupSteps, 0))
    cosine = minLr + (baseLr - minLr) * (1 + np.cos(angles)) / 2
    schedule = np.concatenate([warm, cosine])
    if step >= totalSteps:
        return minLr
    return float(schedule[step])
