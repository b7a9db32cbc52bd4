def sgdWithMomentum(data, lr, beta, epochs):
    w = 0.0
    velocity = 0.0

    for epoch in range(epochs):
        for sample in data:
            x = sample["x"]
            y = sample["y"]
            y_hat = w * x
            diff = y_hat - y
            dw = 2 * diff * x
            velocity = beta * velocity + dw
            w = w - lr * velocity

    return w
