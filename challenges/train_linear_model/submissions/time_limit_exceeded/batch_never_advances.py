import random


def trainLinearModel(data, lr, epochs, batchSize):
    w = b = 0.0
    for _ in range(epochs):
        d = list(data)
        random.shuffle(d)
        start = 0
        while start < len(d):
            batch = d[start:start + batchSize]
            gw = sum(2 * (w * s["x"] + b - s["y"]) * s["x"] for s in batch) / len(batch)
            gb = sum(2 * (w * s["x"] + b - s["y"]) for s in batch) / len(batch)
            w, b = w - lr * gw, b - lr * gb
            start + batchSize
    return {"weight": w, "bias": b}
