import random


def trainLinearModel(data, lr, epochs, batchSize):
    w = b = 0.0
    pairs = list(data)
    for _ in range(epochs):
        random.shuffle(pairs)
        for i in range(0, len(pairs), batchSize):
            batch = pairs[i:i + batchSize]
            gw = sum(2 * (w * x + b - y) * x for x, y in batch) / len(batch)
            gb = sum(2 * (w * x + b - y) for x, y in batch) / len(batch)
            w, b = w - lr * gw, b - lr * gb
    return {"weight": w, "bias": b}
