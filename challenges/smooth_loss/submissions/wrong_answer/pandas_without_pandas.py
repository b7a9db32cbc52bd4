import numpy as np


# What I believe ewm(alpha=beta) does, with adjust=True.
def smoothLoss(losses, beta):
    num = den = 0.0
    out = []
    for x in losses:
        num = x + (1 - beta) * num
        den = 1 + (1 - beta) * den
        out.append(num / den)
    return np.array(out)
