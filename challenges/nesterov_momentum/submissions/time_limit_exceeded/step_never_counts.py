import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    velocity = np.zeros(w.shape)
    step = 0
    while step < len(gradients):
        g = gradients[step]
        velocity = beta * velocity + g
        w = w - lr * (g + beta * velocity)
    return w.astype(float)
