def sgdWithMomentum(data, lr, beta, epochs):
    w = 0.0
    velocity = 0.0
    for epoch in range(epochs):
        for sample in data:
            gradient = 2 * (w * sample["x"] - sample["y"]) * sample["x"]
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w
