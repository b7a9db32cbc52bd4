from collections import deque

import numpy as np


def weights(w, gradients, lr, beta):
    velocity = np.zeros(w.size)
    yield w
    for gradient in gradients:
        velocity = velocity * beta + gradient
        w = w - lr * gradient - lr * beta * velocity
        yield w


def nesterovMomentum(w, gradients, lr, beta):
    (last,) = deque(weights(w.astype(float), gradients, lr, beta), maxlen=1)
    return last
