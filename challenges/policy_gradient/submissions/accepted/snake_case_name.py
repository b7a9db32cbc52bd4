import math


def policy_gradient(prefs, pulls, payoffs, step_size, baseline_step):
    prefs = prefs[:]
    mean = 0.0
    for pull, payoff in zip(pulls, payoffs):
        # 1 / sum of exp of the differences: no maximum needed for a stable softmax
        probs = []
        for mine in prefs:
            differences = [other - mine for other in prefs]
            if max(differences) > 700:
                probs.append(0.0)
            else:
                probs.append(1 / sum(math.exp(d) for d in differences))
        error = payoff - mean
        prefs = [
            h + step_size * error * ((1 if k == pull else 0) - probs[k]) for k, h in enumerate(prefs)
        ]
        mean += baseline_step * error
    return prefs
