import random


def trainLinearModel(data, lr, epochs, batchSize):
    weight, bias = 0, 0
    for epoch in range(epochs):
        order = random.sample(data, k=len(data))
        for start in range(0, len(order), batchSize):
            batch = order[start:start + batchSize]
            errors = [weight * s["x"] + bias - s["y"] for s in batch]
            weight -= lr * sum(e * s["x"] for e, s in zip(errors, batch)) / len(batch)
            bias -= lr * sum(errors) / len(batch)
    return {"weight": round(weight, 2), "bias": round(bias, 2)}
