import numpy as np


def smoothLoss(losses, beta):
    """All averages at once: after each turn an entry covers twice as many losses."""
    m = (1 - beta) * np.array(losses, dtype=float)
    n = len(m)
    reach, factor = 1, float(beta)
    while reach < n:
        m[reach:] = m[reach:] + factor * m[:-reach]
        reach, factor = 2 * reach, factor * factor
    return list(m / (1 - float(beta) ** np.arange(1, n + 1)))
