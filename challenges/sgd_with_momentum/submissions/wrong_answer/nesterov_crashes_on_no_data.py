def sgdWithMomentum(data, lr, beta, epochs):
    first = data[0]  # breaks without data, and the momentum is Nesterov's
    w = first["x"] * 0.0
    v = 0.0
    for _ in range(epochs):
        for s in data:
            ahead = w - lr * beta * v
            v = beta * v + 2 * (ahead * s["x"] - s["y"]) * s["x"]
            w = w - lr * v
    return w
