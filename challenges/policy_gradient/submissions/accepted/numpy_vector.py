import numpy as np


def softmax(x):
    z = np.exp(x - x.max())
    return z / z.sum()


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    h = np.array(preferences, dtype=float)
    eye = np.eye(len(h))
    b = 0.0
    for a, r in zip(actions, rewards):
        h = h + lr * (r - b) * (eye[a] - softmax(h))
        b += baselineRate * (r - b)
    return h
