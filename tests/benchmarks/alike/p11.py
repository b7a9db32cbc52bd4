def sgdWithMomentum(data, lr, beta, epochs):
    if not data:
        return 0.0
    w = 0.0
    v = 0.0
    n_steps = epochs * len(data)
    for step in range(n_steps):
        sample = data[step % len(data)]
        x = sample["x"]
        target = sample["y"]
        g = -2 * x * (target - w * x)
        v = beta * v + g
        w += -lr * v
    return w
