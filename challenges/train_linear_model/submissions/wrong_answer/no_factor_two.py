import random


def trainLinearModel(data, lr, epochs, batchSize):
    w, b = 0, 0
    for _ in range(epochs):
        d = list(data)
        random.shuffle(d)
        for i in range(0, len(d), batchSize):
            batch = d[i:i + batchSize]
            dw = sum((w * p["x"] + b - p["y"]) * p["x"] for p in batch) / len(batch)
            db = sum((w * p["x"] + b - p["y"]) for p in batch) / len(batch)
            w -= lr * dw
            b -= lr * db
    return {"weight": w, "bias": b}
