def sgdWithMomentum(data, lr, beta, epochs):
    w = v = 0
    history = [[w] * 1000 for _ in range(1000)]
    for _ in range(epochs):
        for s in data:
            v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
            w = w - lr * v
            history.append([w])
    return history
