import random


def trainLinearModel(data, lr, epochs, batchSize):
    w, b = 0.0, 0.0
    for _ in range(epochs):
        order = sorted(data, key=lambda s: random.random())
        for i in range(0, len(order), batchSize):
            part = order[i:i + batchSize]
            errors = [s["y"] - (w * s["x"] + b) for s in part]
            gw = 2 * sum(e * s["x"] for e, s in zip(errors, part)) / len(part)
            gb = 2 * sum(errors) / len(part)
            w = w - lr * gw
            b = b - lr * gb
    return {"weight": w, "bias": b}
