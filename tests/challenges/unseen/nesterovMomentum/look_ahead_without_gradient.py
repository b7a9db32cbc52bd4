# mistake: the step uses beta * velocity only: the gradient itself is missing from gradient + beta * velocity.
import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    w = np.array(w, dtype=float)
    velocity = np.zeros(w.shape)
    for gradient in gradients:
        velocity = beta * velocity - lr * gradient
        w = w + beta * velocity
    return w
