def sgd_with_momentum(data, learning_rate, momentum, n_epochs):
    weight = velocity = 0.0
    for _ in range(n_epochs):
        for row in data:
            x, y = row["x"], row["y"]
            velocity = momentum * velocity + 2 * (weight * x - y) * x
            weight -= learning_rate * velocity
    return weight
