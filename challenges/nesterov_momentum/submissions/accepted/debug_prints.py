import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    velocity = np.zeros(w.shape)
    new_w = w.copy().astype(float)
    for i, g in enumerate(gradients):
        velocity = beta * velocity + g
        nesterov_grad = g + beta * velocity
        new_w = new_w - lr * nesterov_grad
        if i < 3:
            print(f"step {i}: v = {velocity}, w = {new_w}")
    return new_w
