# mistake: the function takes its arguments in another order (epochs before lr and beta), so that lr lands in epochs.
def sgdWithMomentum(data, epochs, lr, beta):
    """my momentum from the lecture notebook"""
    w, v = 0.0, 0.0
    for i in range(epochs):
        for d in data:
            grad = 2 * d["x"] * (w * d["x"] - d["y"])
            v = beta * v + grad
            w -= lr * v
    return w
