from functools import reduce
from math import exp


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    def pull(state, seen):
        (h, b), (action, reward) = state, seen
        e = [exp(x - max(h)) for x in h]
        k = lr * (reward - b)
        new = [x + k * ((i == action) - y / sum(e)) for i, (x, y) in enumerate(zip(h, e))]
        return new, b + baselineRate * (reward - b)

    return reduce(pull, zip(actions, rewards), (list(preferences), 0.0))[0]
