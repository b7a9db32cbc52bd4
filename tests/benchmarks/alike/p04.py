def gradient(w, x, y):
    return 2 * (w * x - y) * x


def sgdWithMomentum(data, lr, beta, epochs):
    w = v = 0.0
    for _ in range(epochs):
        for s in data:
            v = beta * v + gradient(w, s["x"], s["y"])
            w -= lr * v
    return w
