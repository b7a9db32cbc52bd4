import random

weight = 0.0
bias = 0.0


def trainLinearModel(data, lr, epochs, batchSize):
    global weight, bias
    for _ in range(epochs):
        shuffled = random.sample(data, len(data))
        for i in range(0, len(data), batchSize):
            batch = shuffled[i:i + batchSize]
            gw = sum(2 * (weight * s["x"] + bias - s["y"]) * s["x"] for s in batch) / len(batch)
            gb = sum(2 * (weight * s["x"] + bias - s["y"]) for s in batch) / len(batch)
            weight, bias = weight - lr * gw, bias - lr * gb
    return {"weight": weight, "bias": bias}
