def sgdWithMomentum(data, lr, beta, epochs):
    w = 0
    v = 0
    for epoch in range(epochs):
        for s in data:
            grad = 2 * (w * s["x"] - s["y"]) * s["x"]
            v = beta * v + grad
            w = w - lr * v
        if epoch % 20 == 0:
            print("epoch", epoch, "w =", w)
    return w
