import random


def trainLinearModel(data, lr, epochs, batchSize):
    w = 0.0
    bias = 0.0
    for _ in range(epochs):
        samples = list(data)
        random.shuffle(samples)
        for i in range(0, len(samples), batchSize):
            batch = samples[i:i + batchSize]
            w -= lr * sum(2 * (w * s["x"] - s["y"]) * s["x"] for s in batch) / len(batch)
    return {"weight": w, "bias": bias}
