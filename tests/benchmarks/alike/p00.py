def sgdWithMomentum(data, lr, beta, epochs):
    w = 0
    v = 0
    for epoch in range(epochs):
        for point in data:
            x = point["x"]
            y = point["y"]
            grad = 2 * (w * x - y) * x
            v = beta * v + grad
            w = w - lr * v
    return w
