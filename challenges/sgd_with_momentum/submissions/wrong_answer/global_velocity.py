velocity = 0


def sgdWithMomentum(data, lr, beta, epochs):
    global velocity
    w = 0
    for _ in range(epochs):
        for s in data:
            velocity = beta * velocity + 2 * (w * s["x"] - s["y"]) * s["x"]
            w = w - lr * velocity
    return w
