# mistake: `for x, y in data` unpacks the keys of each dictionary, so that x and y are the strings "x" and "y", not the numbers.
def sgdWithMomentum(data, lr, beta, epochs):
    w = 0.0
    velocity = 0.0
    for epoch in range(epochs):
        for x, y in data:
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w
