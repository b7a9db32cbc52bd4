def sgdWithMomentum(data, lr, beta, epochs):
    theta = 0.0
    u = 0.0
    for _ in range(epochs):
        for row in data:
            residual = theta * row["x"] - row["y"]
            u = beta * u + 2 * residual * row["x"]
            theta = theta - lr * u
    return theta
