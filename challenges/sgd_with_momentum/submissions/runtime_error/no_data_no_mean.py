def sgdWithMomentum(data, lr, beta, epochs):
    mean_x = sum(s["x"] for s in data) / len(data)  # was going to centre the data
    w = v = 0
    for _ in range(epochs):
        for s in data:
            grad = 2 * (w * s["x"] - s["y"]) * s["x"]
            v = beta * v + grad
            w = w - lr * v
    return w
