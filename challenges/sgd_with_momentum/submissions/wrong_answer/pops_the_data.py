def sgdWithMomentum(data, lr, beta, epochs):
    samples = [dict(s) for s in data]
    while data:
        data.pop()
    w = v = 0
    for _ in range(epochs):
        for s in samples:
            v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
            w -= lr * v
    return w
