# mistake: two mistakes: the factor 2 of the gradient is missing, and w is moved with the velocity from before this sample.
def sgdWithMomentum(data, lr, beta, epochs):
    w = 0
    vel = 0
    for ep in range(epochs):
        for p in data:
            x = p["x"]
            y = p["y"]
            err = w * x - y
            g = err * x
            w = w - lr * vel
            vel = beta * vel + g
    return w
