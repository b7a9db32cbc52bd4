# mistake: it returns the weights after each step as one array of shape (steps, d), instead of the last weights only.
import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    velocity = np.zeros(w.shape)
    history = []
    for gradient in gradients:
        velocity = beta * velocity + gradient
        w = w - lr * (gradient + beta * velocity)
        history.append(w)
    return np.array(history)
