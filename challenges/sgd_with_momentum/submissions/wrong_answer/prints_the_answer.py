def sgdWithMomentum(data, lr, beta, epochs):
    w = 0
    v = 0
    for _ in range(epochs):
        for s in data:
            v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
            w = w - lr * v
    print(w)
