import random


def trainLinearModel(data, lr, epochs, batchSize):
    w = b = 0.0
    for _ in range(epochs):
        d = data[:]
        random.shuffle(d)
        for i in range(0, len(d), batchSize):
            batch = d[i:i + batchSize]
            w -= lr * sum(2 * (w * s["x"] + b - s["y"]) * s["x"] for s in batch) / len(batch)
            b -= lr * sum(2 * (w * s["x"] + b - s["y"]) for s in batch) / len(batch)
    return {"weight": w, "bias": b}
