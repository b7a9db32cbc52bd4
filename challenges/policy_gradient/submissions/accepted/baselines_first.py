import math
from itertools import accumulate


# The baselines do not depend on the preferences, so all of them can be computed up front.
def policyGradient(preferences, actions, rewards, lr, baselineRate):
    baselines = accumulate(
        rewards, lambda b, r: b * (1 - baselineRate) + baselineRate * r, initial=0.0
    )
    advantages = [r - b for r, b in zip(rewards, baselines)]
    prefs = tuple(preferences)
    for a, adv in zip(actions, advantages):
        m = max(prefs)
        unnormalised = tuple(math.exp(p - m) for p in prefs)
        norm = sum(unnormalised)
        prefs = tuple(
            p + lr * adv * (1.0 - u / norm) if i == a else p - lr * adv * u / norm
            for i, (p, u) in enumerate(zip(prefs, unnormalised))
        )
    return prefs
