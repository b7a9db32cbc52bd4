import random


def trainLinearModel(data, lr, epochs, batchSize):
    w = b = 0.0
    for _ in range(epochs):
        random.shuffle(data)
        for i in range(0, len(data), batchSize):
            batch = data[i:i + batchSize]
            m = len(batch)
            errors = [w * s["x"] + b - s["y"] for s in batch]
            gw = sum(2 * e * s["x"] for e, s in zip(errors, batch)) / m
            gb = sum(2 * e for e in errors) / m
            w -= lr * gw
            b -= lr * gb
    return {"weight": w, "bias": b}
