# mistake: the arms are taken as counted from 1, so that every pull is credited to the arm before the one that was pulled (arm 0 to the last arm).
import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    baseline = 0.0
    for a, r in zip(actions, rewards):
        top = max(h)
        e = [math.exp(x - top) for x in h]
        s = sum(e)
        probs = [x / s for x in e]
        adv = r - baseline
        onehot = [0] * len(h)
        onehot[a - 1] = 1
        h = [h[i] + lr * adv * (onehot[i] - probs[i]) for i in range(len(h))]
        baseline += baselineRate * (r - baseline)
    return h
