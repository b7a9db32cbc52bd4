def sgdWithMomentum(data, lr, beta, epochs):
    w, velocity = 0.0, 0.0
    for _ in range(epochs):
        for d in data:
            pred = w * d["x"]
            error = pred - d["y"]
            gradient = 2 * error * d["x"]
            velocity = beta * velocity + gradient
            w -= lr * velocity
    return w
