import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = {i: p for i, p in enumerate(preferences)}
    b = 0.0
    for a, r in zip(actions, rewards):
        m = max(h.values())
        e = {i: math.exp(x - m) for i, x in h.items()}
        s = sum(e.values())
        h = {i: h[i] + lr * (r - b) * ((i == a) - e[i] / s) for i in h}
        b += baselineRate * (r - b)
    return h
