import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = list(preferences)
    b = 0
    for t, a in enumerate(actions):
        m = max(h)
        p = [math.exp(x - m) for x in h]
        p = [x / sum(p) for x in p]
        print("pull", t, "of arm", a, "p =", p, "baseline =", b)
        h = [h[i] + lr * (rewards[t] - b) * ((1 if i == a else 0) - p[i]) for i in range(len(h))]
        b = b + baselineRate * (rewards[t] - b)
    return h
