import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    b = 0.0
    t = 0
    while t < len(actions):
        e = [math.exp(x - max(h)) for x in h]
        h = [x + lr * (rewards[t] - b) * ((i == actions[t]) - e[i] / sum(e)) for i, x in enumerate(h)]
        b += baselineRate * (rewards[t] - b)
    return h
