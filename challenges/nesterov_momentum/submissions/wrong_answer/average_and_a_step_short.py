import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    m = np.zeros(w.shape)
    theta = w.astype(float)
    for t in range(1, len(gradients)):
        g = gradients[t - 1]
        m = beta * m + (1 - beta) * g
        theta = theta - lr * (g + beta * m)
    return theta
