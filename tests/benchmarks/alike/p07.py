def sgdWithMomentum(data, lr, beta, epochs):
    xs = [d["x"] for d in data]
    ys = [d["y"] for d in data]
    w = 0.0
    v = 0.0
    for _ in range(epochs):
        for x, y in zip(xs, ys):
            grad = 2 * x * (w * x - y)
            v = beta * v + grad
            w -= lr * v
    return w
