import numpy as np


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = np.array(preferences, dtype=float)
    baseline = 0
    for a, r in zip(actions, rewards):
        p = np.exp(h - np.max(h))
        p /= p.sum()
        h[a] += lr * (r - baseline) * (1 - p[a])
        baseline += baselineRate * (r - baseline)
    return h.tolist()
