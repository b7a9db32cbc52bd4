import random


def trainLinearModel(data, lr, epochs, batchSize):
    w = b = 0.0
    if not data:
        return {"weight": w, "bias": b}
    for _ in range(epochs):
        for _ in range(max(1, len(data) // batchSize)):
            batch = random.choices(data, k=batchSize)
            gw = sum(2 * (w * s["x"] + b - s["y"]) * s["x"] for s in batch) / len(batch)
            gb = sum(2 * (w * s["x"] + b - s["y"]) for s in batch) / len(batch)
            w, b = w - lr * gw, b - lr * gb
    return {"weight": w, "bias": b}
