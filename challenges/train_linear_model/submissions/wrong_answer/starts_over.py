import random


def trainLinearModel(data, lr, epochs, batchSize):
    weight = bias = 0.0
    for epoch in range(epochs):
        weight, bias = 0.0, 0.0
        shuffled = list(data)
        random.shuffle(shuffled)
        while shuffled:
            batch, shuffled = shuffled[:batchSize], shuffled[batchSize:]
            errors = [weight * s["x"] + bias - s["y"] for s in batch]
            step_w = 2 * sum(e * s["x"] for e, s in zip(errors, batch)) / len(batch)
            step_b = 2 * sum(errors) / len(batch)
            weight -= lr * step_w
            bias -= lr * step_b
    return {"weight": weight, "bias": bias}
