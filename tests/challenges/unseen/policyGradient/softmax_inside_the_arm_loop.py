# mistake: the softmax is computed anew for each arm, so that later arms use preferences that earlier arms of the same pull have already changed.
import math


def softmax(values):
    biggest = max(values)
    exps = [math.exp(v - biggest) for v in values]
    return [e / sum(exps) for e in exps]


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    prefs = [p for p in preferences]
    baseline = 0
    for i in range(len(actions)):
        advantage = rewards[i] - baseline
        for arm in range(len(prefs)):
            indicator = 1 if arm == actions[i] else 0
            prefs[arm] += lr * advantage * (indicator - softmax(prefs)[arm])
        baseline += baselineRate * (rewards[i] - baseline)
    return prefs
