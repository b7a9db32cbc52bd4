def sgdWithMomentum(data, lr, beta, epochs):
    w = v = 0
    for _ in range(epochs):
        for s in data:
            v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
            w = w - lr * v
            print("sample", s, "of", data, "velocity", v, "weight", w, "-" * 1000)
            for i in range(100):
                print(i, w, v)
    return w
