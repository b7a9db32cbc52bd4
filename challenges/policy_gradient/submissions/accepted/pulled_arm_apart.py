import numpy as np


# Take the probabilities from everybody, then give the pulled arm the whole step.
def policyGradient(preferences, actions, rewards, lr, baselineRate):
    theta = np.asarray(preferences, dtype=np.float64).copy()
    baseline = 0.0
    for action, reward in zip(actions, rewards):
        shifted = theta - np.max(theta)
        probs = np.exp(shifted) / np.sum(np.exp(shifted))
        step = lr * (reward - baseline)
        theta -= step * probs
        theta[action] += step
        baseline = (1 - baselineRate) * baseline + baselineRate * reward
    return theta.tolist()
