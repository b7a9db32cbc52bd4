import numpy as np


def adam_w(parameters, gradients, learning_rate, b1, b2, epsilon, weight_decay):
    w = [float(x) for x in parameters]
    first, second = [0.0] * len(w), [0.0] * len(w)
    n = 0
    while n < len(gradients):
        for j in range(len(w)):
            g = gradients[n][j]
            w[j] = w[j] * (1.0 - learning_rate * weight_decay)
            first[j] = b1 * first[j] + (1.0 - b1) * g
            second[j] = b2 * second[j] + (1.0 - b2) * np.square(g)
            step = first[j] / (1.0 - b1 ** (n + 1))
            scale = np.sqrt(second[j] / (1.0 - b2 ** (n + 1))) + epsilon
            w[j] = w[j] - learning_rate * step / scale
        n += 1
    return w
