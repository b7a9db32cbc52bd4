def sgdWithMomentum(data, lr, beta, epochs):
    """The velocity is the direction of travel here, so w moves by plus."""
    w = 0.0
    change = 0.0
    for _ in range(epochs):
        for sample in data:
            residual = sample["y"] - w * sample["x"]
            change = beta * change + lr * 2 * residual * sample["x"]
            w += change
    return w
