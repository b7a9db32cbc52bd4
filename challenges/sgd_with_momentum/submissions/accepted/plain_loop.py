def sgdWithMomentum(data, lr, beta, epochs):
    w = 0
    velocity = 0
    for epoch in range(epochs):
        for point in data:
            pred = w * point["x"]
            error = pred - point["y"]
            grad = 2 * error * point["x"]
            velocity = beta * velocity + grad
            w -= lr * velocity
    return w


if __name__ == "__main__":
    line = [{"x": 1, "y": 3}, {"x": 2, "y": 6}]
    print(sgdWithMomentum(line, 0.05, 0.9, 20))
