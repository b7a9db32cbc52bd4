from itertools import accumulate

import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    velocities = accumulate(gradients, lambda v, g: beta * v + g)
    total = np.zeros(w.shape)
    for g, v in zip(gradients, velocities):
        total += g + beta * v
    return w - lr * total
