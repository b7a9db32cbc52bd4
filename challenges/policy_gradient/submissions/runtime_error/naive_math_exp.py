import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    b = 0.0
    for a, r in zip(actions, rewards):
        e = [math.exp(x) for x in h]
        p = [x / sum(e) for x in e]
        for i in range(len(h)):
            h[i] += lr * (r - b) * ((1 if i == a else 0) - p[i])
        b += baselineRate * (r - b)
    return h
