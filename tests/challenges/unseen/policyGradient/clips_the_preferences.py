# mistake: against the overflow of exp the preferences are clipped to -700..700, which changes the probabilities, instead of subtracting the largest one.
import numpy as np


def softmax(h):
    h = np.clip(h, -700, 700)
    e = np.exp(h)
    return e / np.sum(e)


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = np.array(preferences, dtype=float)
    baseline = 0.0
    for a, r in zip(actions, rewards):
        p = softmax(h)
        indicator = np.zeros(len(h))
        indicator[a] = 1.0
        h = h + lr * (r - baseline) * (indicator - p)
        baseline = baseline + baselineRate * (r - baseline)
    return h
