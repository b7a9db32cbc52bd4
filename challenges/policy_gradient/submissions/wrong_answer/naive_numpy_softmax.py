import numpy as np


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = np.array(preferences, dtype=float)
    baseline = 0.0
    for a, r in zip(actions, rewards):
        p = np.exp(h) / np.sum(np.exp(h))
        one_hot = np.zeros(len(h))
        one_hot[a] = 1
        h += lr * (r - baseline) * (one_hot - p)
        baseline += baselineRate * (r - baseline)
    return h
