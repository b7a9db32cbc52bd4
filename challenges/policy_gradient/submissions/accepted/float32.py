import numpy as np

f = np.float32


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = np.array(preferences).astype(f)
    lr, rate, baseline = f(lr), f(baselineRate), f(0)
    for action, reward in zip(actions, rewards):
        e = np.exp(h - h.max())
        p = e / e.sum()
        hot = np.zeros_like(h)
        hot[action] = 1
        h = h + lr * (f(reward) - baseline) * (hot - p)
        baseline = baseline + rate * (f(reward) - baseline)
    return h
