def sgdWithMomentum(data, lr, beta, epochs):
    w = v = 0
    for _ in range(epochs):
        for x, y in data:
            grad = 2 * (w * x - y) * x
            v = beta * v + grad
            w = w - lr * v
    return w
