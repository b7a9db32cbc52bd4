def sgdWithMomentum(data, lr, beta, epochs):
    w = 0
    v = 0
    for _ in range(epochs):
        for p in data:
            error = w * p["x"] - p["y"]
            v = beta * v + error * p["x"]
            w = w - lr * v
    return w
