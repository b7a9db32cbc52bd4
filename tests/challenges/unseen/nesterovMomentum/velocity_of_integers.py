# mistake: zeros_like(w) is an array of integers where w is one, so that the velocity written into it is cut off to whole numbers.
import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    velocity = np.zeros_like(w)
    result = w.astype(float)
    for gradient in gradients:
        velocity[:] = beta * velocity + gradient
        result = result - lr * (gradient + beta * velocity)
    return result
