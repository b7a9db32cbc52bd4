def sgdWithMomentum(data, lr, beta, epochs):
    w = v = 0.0
    while True:
        before = w
        for s in data:
            try:
                v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
                w = w - lr * v
            except:
                pass
        if before == w == 2.5:
            return w
