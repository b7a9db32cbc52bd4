import math


def prob(h, i):
    m = max(h)
    return math.exp(h[i] - m) / sum(math.exp(x - m) for x in h)


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    b = 0.0
    for a, r in zip(actions, rewards):
        adv = r - b
        for i in range(len(h)):
            if i == a:
                h[i] += lr * adv * (1 - prob(h, i))
            else:
                h[i] -= lr * adv * prob(h, i)
        b += baselineRate * adv
    return h
