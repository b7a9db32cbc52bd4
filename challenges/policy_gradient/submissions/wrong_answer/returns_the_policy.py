import numpy as np


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = np.array(preferences, dtype=float)
    b = 0.0
    for a, r in zip(actions, rewards):
        p = np.exp(h - h.max()) / np.exp(h - h.max()).sum()
        h += lr * (r - b) * (np.eye(len(h))[a] - p)
        b += baselineRate * (r - b)
    return np.exp(h - h.max()) / np.exp(h - h.max()).sum()
