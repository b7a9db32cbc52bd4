import numpy as np


# Remember the start and collect the changes; the largest preference is taken off once per pull.
def policyGradient(preferences, actions, rewards, lr, baselineRate):
    start = np.array(preferences, float)
    change = np.zeros(len(start))
    baseline = 0.0
    i = 0
    while i < len(actions):
        logits = start + change
        logits -= np.amax(logits)
        logp = logits - np.log(np.sum(np.exp(logits)))
        grad = -np.exp(logp)
        grad[actions[i]] += 1.0
        change += lr * (rewards[i] - baseline) * grad
        baseline += baselineRate * (rewards[i] - baseline)
        i += 1
    return start + change
