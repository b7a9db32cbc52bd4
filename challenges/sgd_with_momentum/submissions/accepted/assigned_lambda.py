def train(w, v, steps, lr, beta):
    for s in steps:
        v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
        w = w - lr * v
    return w


sgdWithMomentum = lambda data, lr, beta, epochs: train(0, 0, list(data) * epochs, lr, beta)
