import numpy as np

# A gradient with k steps still to come moves w by lr * (1 + beta + ... + beta**(k + 1)) in all.


def nesterovMomentum(w, gradients, lr, beta):
    steps = len(gradients)
    powers = np.array([float(beta) ** k for k in range(steps + 1)])
    reach = np.cumsum(powers)[1:]
    return w - lr * (reach[::-1] @ gradients)
