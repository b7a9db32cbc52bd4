import math


def policyGradient(preferences, actions, rewards, lr, baselineRate, baseline=0):
    if not actions:
        return preferences
    top = max(preferences)
    e = [math.exp(p - top) for p in preferences]
    z = sum(e)
    c = lr * (rewards[0] - baseline)
    moved = [p - c * x / z for p, x in zip(preferences, e)]
    moved[actions[0]] += c
    return policyGradient(
        moved,
        actions[1:],
        rewards[1:],
        lr,
        baselineRate,
        baseline + baselineRate * (rewards[0] - baseline),
    )
