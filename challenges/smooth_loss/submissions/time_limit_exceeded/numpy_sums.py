import numpy as np


def smoothLoss(losses, beta):
    x = np.array(losses, dtype=float)
    weights = (1 - beta) * float(beta) ** np.arange(len(x))  # of this loss, the one before, ...
    out = []
    for t in range(1, len(x) + 1):
        out.append(np.sum(weights[:t] * x[t - 1 :: -1]) / np.sum(weights[:t]))
    return out
