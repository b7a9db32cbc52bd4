import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    b = 0
    for a, r in zip(actions, rewards):
        e = [math.exp(x - max(h)) for x in h]
        s = sum(e)
        h = [h[i] + lr * (r - b) * ((i == a) - e[i] / s) for i in range(len(h))]
        b += baselineRate * (r - b)
    print(h)
