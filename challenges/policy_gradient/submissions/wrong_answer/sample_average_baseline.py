import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    avg, n = 0.0, 0
    for a, r in zip(actions, rewards):
        m = max(h)
        e = [math.exp(x - m) for x in h]
        p = [x / sum(e) for x in e]
        for i in range(len(h)):
            h[i] += lr * (r - avg) * ((1 if i == a else 0) - p[i])
        n += 1
        avg += (r - avg) / n
    return h
