import numpy as np


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = np.array(preferences, dtype=float)
    b = 0.0
    for a, r in zip(actions, rewards):
        e = np.exp(h - h.max())
        h += lr * (r - b) * ((np.arange(len(h)) == a) - e / e.sum())
        b += baselineRate * (r - b)
    return np.round(h, 2)
