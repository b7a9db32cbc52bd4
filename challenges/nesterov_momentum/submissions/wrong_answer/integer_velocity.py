import numpy as np


def nesterovMomentum(w, gradients, lr, beta):
    result = w.astype(float)
    v = np.zeros_like(w)  # same type as w
    for row in gradients:
        for i in range(len(v)):
            v[i] = beta * v[i] + row[i]
            result[i] -= lr * (row[i] + beta * v[i])
    return result
