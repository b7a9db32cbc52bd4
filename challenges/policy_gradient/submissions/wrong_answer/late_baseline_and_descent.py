# the baseline is moved first, and the sign is that of a loss
import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    b = 0.0
    for a, r in zip(actions, rewards):
        b += baselineRate * (r - b)
        m = max(h)
        e = [math.exp(x - m) for x in h]
        s = sum(e)
        h = [x - lr * (r - b) * ((i == a) - y / s) for i, (x, y) in enumerate(zip(h, e))]
    return h
