import numpy as np


class SGD:
    """What torch.optim.SGD does, with the momentum buffer made at the first step."""

    def __init__(self, param, lr, momentum, nesterov):
        self.param = np.asarray(param).astype(float)
        self.lr = lr
        self.momentum = momentum
        self.nesterov = nesterov
        self.buffer = None

    def step(self, grad):
        if self.buffer is None:
            self.buffer = np.array(grad, dtype=float)
        else:
            self.buffer = self.buffer * self.momentum + grad
        if self.nesterov:
            grad = grad + self.momentum * self.buffer
        else:
            grad = self.buffer
        self.param = self.param + (-self.lr) * grad


def nesterovMomentum(w, gradients, lr, beta):
    optimizer = SGD(w, lr=lr, momentum=beta, nesterov=True)
    for grad in gradients:
        optimizer.step(grad)
    return optimizer.param
