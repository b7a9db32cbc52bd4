import math


def policyGradient(preferences, actions, rewards, lr):
    h = list(preferences)
    for a, r in zip(actions, rewards):
        e = [math.exp(x - max(h)) for x in h]
        h = [x + lr * r * ((i == a) - e[i] / sum(e)) for i, x in enumerate(h)]
    return h
