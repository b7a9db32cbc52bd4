# Same thing with the learning rate in the velocity, as in my other course.
def sgdWithMomentum(data, lr, beta, epochs):
    w, v = 0.0, 0.0
    for _ in range(epochs):
        for d in data:
            g = 2 * (w * d["x"] - d["y"]) * d["x"]
            v = beta * v + lr * g
            w -= v
    return w
