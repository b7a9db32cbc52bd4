import math


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    baseline = 0
    for a, r in zip(actions, rewards):
        m = max(preferences)
        e = [math.exp(p - m) for p in preferences]
        s = sum(e)
        for i in range(len(preferences)):
            preferences[i] += lr * (r - baseline) * ((i == a) - e[i] / s)
        baseline += baselineRate * (r - baseline)
    return preferences
