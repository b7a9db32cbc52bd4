import random


def trainLinearModel(data, lr, epochs, batchSize):
    w = b = 0.0
    for _ in range(epochs):
        samples = list(data)
        random.shuffle(samples)
        batch = samples[:batchSize]  # a random batch
        if not batch:
            continue
        gw = sum(2 * (w * s["x"] + b - s["y"]) * s["x"] for s in batch) / len(batch)
        gb = sum(2 * (w * s["x"] + b - s["y"]) for s in batch) / len(batch)
        w -= lr * gw
        b -= lr * gb
    return {"weight": w, "bias": b}
