def sgdWithMomentum(data, lr, beta, epochs):
    w = v = 0
    for _ in range(epochs):
        for point in data:
            grad = 2 * (w * point.x - point.y) * point.x
            v = beta * v + grad
            w = w - lr * v
    return w
