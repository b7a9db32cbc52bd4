import numpy as np

f = np.float32


def sgdWithMomentum(data, lr, beta, epochs):
    lr, beta = f(lr), f(beta)
    w = v = f(0)
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            for s in data:
                x, y = f(s["x"]), f(s["y"])
                v = beta * v + f(2) * (w * x - y) * x
                w = w - lr * v
    return w
