# Started from the lesson's example (with bias) and added momentum.
def sgdWithMomentum(data, lr=0.01, beta=0.9, epochs=100):
    weight = 0
    bias = 0
    v_w = 0
    v_b = 0
    for epoch in range(epochs):
        for sample in data:
            error = weight * sample["x"] + bias - sample["y"]
            v_w = beta * v_w + 2 * error * sample["x"]
            v_b = beta * v_b + 2 * error
            weight -= lr * v_w
            bias -= lr * v_b
    return weight
