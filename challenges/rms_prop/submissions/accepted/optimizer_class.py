import math


class RMSProp:
    def __init__(self, lr, decay, eps):
        self.lr = lr
        self.decay = decay
        self.eps = eps
        self.mean_square = {}

    def step(self, params, gradients):
        for index, gradient in enumerate(gradients):
            old = self.mean_square.get(index, 0.0)
            self.mean_square[index] = self.decay * old + (1 - self.decay) * gradient * gradient
            rms = math.sqrt(self.mean_square[index])
            params[index] -= self.lr * gradient / (rms + self.eps)


def rmsProp(params, grads, lr, decay, eps):
    optimizer = RMSProp(lr, decay, eps)
    current = params[:]
    for gradients in grads:
        optimizer.step(current, gradients)
    return current
