# mistake: the gradient is a forward difference with a step of 0.01, which is off by 0.01 * x**2, instead of the derivative.
def loss(w, sample):
    return (w * sample["x"] - sample["y"]) ** 2


def numeric_gradient(f, w, sample, h=0.01):
    return (f(w + h, sample) - f(w, sample)) / h


def sgdWithMomentum(data, lr, beta, epochs):
    w = 0.0
    velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            velocity = beta * velocity + numeric_gradient(loss, w, sample)
            w = w - lr * velocity
    return w
