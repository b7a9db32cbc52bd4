import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    lr, beta = np.float32(lr), np.float32(beta)
    w = np.asarray(w, dtype=np.float32)
    velocity = np.zeros(w.shape, dtype=np.float32)
    for gradient in np.asarray(gradients, dtype=np.float32):
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
    return w
