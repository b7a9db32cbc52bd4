import numpy as np


# REINFORCE as in the lecture; I did not see what the baseline is for.
def policyGradient(preferences, actions, rewards, lr, baselineRate):
    theta = np.array(preferences, dtype=float)
    for action, reward in zip(actions, rewards):
        z = np.exp(theta - theta.max())
        grad_log = -z / z.sum()
        grad_log[action] += 1
        theta = theta + lr * reward * grad_log
    return list(theta)
