import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    b = 0.0
    for a, r in zip(actions, rewards)
        e = [math.exp(x - max(h)) for x in h]
        h = [x + lr * (r - b) * ((i == a) - e[i] / sum(e)) for i, x in enumerate(h)]
        b += baselineRate * (r - b)
    return h
