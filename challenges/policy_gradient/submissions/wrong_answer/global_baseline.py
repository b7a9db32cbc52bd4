import math

baseline = 0.0


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    global baseline
    h = list(preferences)
    for a, r in zip(actions, rewards):
        m = max(h)
        e = [math.exp(x - m) for x in h]
        s = sum(e)
        h = [x + lr * (r - baseline) * ((i == a) - y / s) for i, (x, y) in enumerate(zip(h, e))]
        baseline += baselineRate * (r - baseline)
    return h
