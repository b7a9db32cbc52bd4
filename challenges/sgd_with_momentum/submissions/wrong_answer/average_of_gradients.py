def sgdWithMomentum(data, lr, beta, epochs):
    m = 0.0
    w = 0.0
    for _ in range(epochs):
        for p in data:
            g = 2 * (w * p["x"] - p["y"]) * p["x"]
            m = beta * m + (1 - beta) * g  # moving average
            w -= lr * m
    return w
