# mistake: two mistakes: only the pulled arm is moved, and the baseline is the mean of all rewards so far, so that baselineRate is never used.
import numpy as np


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    prefs = np.array(preferences, dtype=float)
    seen = []
    for a, r in zip(actions, rewards):
        z = np.exp(prefs - prefs.max())
        probs = z / z.sum()
        baseline = np.mean(seen) if seen else 0.0
        prefs[a] += lr * (r - baseline) * (1 - probs[a])
        seen.append(r)
    return prefs.tolist()
