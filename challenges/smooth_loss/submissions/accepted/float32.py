import numpy as np

f = np.float32


def smoothLoss(losses, beta):
    b, one = f(beta), f(1)
    m, power = f(0), one
    out = []
    for loss in losses:
        m = b * m + (one - b) * f(loss)
        power = power * b
        out.append(m / (one - power))
    return out
