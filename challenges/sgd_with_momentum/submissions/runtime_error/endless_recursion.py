def train(data, lr, beta, epochs, w, v):
    for s in data:
        v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
        w = w - lr * v
    return train(data, lr, beta, epochs - 1, w, v)


def sgdWithMomentum(data, lr, beta, epochs):
    return train(data, lr, beta, epochs, 0, 0)
