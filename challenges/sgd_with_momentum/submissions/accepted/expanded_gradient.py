# d/dw (wx - y)^2 = 2*x*x*w - 2*x*y
def sgdWithMomentum(data, lr, beta, epochs):
    pre = [(2 * s["x"] * s["x"], 2 * s["x"] * s["y"]) for s in data]
    w, v = 0.0, 0.0
    for _ in range(epochs):
        for a, b in pre:
            v *= beta
            v += a * w - b
            w -= lr * v
    return w
