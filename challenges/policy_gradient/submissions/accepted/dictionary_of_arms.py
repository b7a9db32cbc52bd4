from math import exp


def probabilities(arms):
    top = max(arms.values())
    total = sum(exp(value - top) for value in arms.values())
    return {name: exp(value - top) / total for name, value in arms.items()}


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    arms = dict(enumerate(preferences))
    baseline = 0.0
    for action, reward in zip(actions, rewards):
        advantage = reward - baseline
        for name, p in probabilities(arms).items():
            arms[name] = arms[name] + lr * advantage * ((name == action) - p)
        baseline = baseline + baselineRate * advantage
    return [arms[i] for i in range(len(preferences))]
