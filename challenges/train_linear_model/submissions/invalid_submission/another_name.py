import random


def train(data, lr, epochs, batchSize):
    w = b = 0.0
    for _ in range(epochs):
        d = random.sample(data, len(data))
        for i in range(0, len(d), batchSize):
            batch = d[i:i + batchSize]
            e = [w * s["x"] + b - s["y"] for s in batch]
            gw = sum(2 * r * s["x"] for r, s in zip(e, batch)) / len(batch)
            w, b = w - lr * gw, b - lr * 2 * sum(e) / len(batch)
    return {"weight": w, "bias": b}
