import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    weights = w.tolist()
    rows = gradients.tolist()
    velocity = [0] * len(weights)
    for row in rows:
        for i in range(len(weights)):
            velocity[i] = beta * velocity[i] + row[i]
            look_ahead = row[i] + beta * velocity[i]
            weights[i] = weights[i] - lr * look_ahead
    return np.array(weights, dtype=float)
