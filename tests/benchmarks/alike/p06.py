def sgdWithMomentum(data, lr, beta, epochs):
    vel = 0
    w = 0
    for k in range(epochs):
        for item in data:
            xi = item["x"]
            yi = item["y"]
            err = w * xi - yi
            vel = vel * beta
            vel = vel + 2 * err * xi
            w = w - vel * lr
    return w
