import random


def trainLinearModel(data, lr, epochs, batchSize):
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = random.sample(data, len(data))
        for k in range(len(shuffled) // batchSize):
            batch = shuffled[k * batchSize:(k + 1) * batchSize]
            gw = gb = 0.0
            for s in batch:
                e = weight * s["x"] + bias - s["y"]
                gw += 2 * e * s["x"] / batchSize
                gb += 2 * e / batchSize
            weight -= lr * gw
            bias -= lr * gb
    return {"weight": weight, "bias": bias}
