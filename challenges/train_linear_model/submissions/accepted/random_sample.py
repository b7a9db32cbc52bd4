from random import sample
from statistics import fmean


def trainLinearModel(data, lr, epochs, batchSize):
    w = b = 0.0
    for _ in range(epochs):
        order = sample(data, len(data))
        batches = [order[i : i + batchSize] for i in range(0, len(order), batchSize)]
        for batch in batches:
            errors = [w * p["x"] + b - p["y"] for p in batch]
            slope_w = fmean(2 * e * p["x"] for e, p in zip(errors, batch))
            slope_b = fmean(2 * e for e in errors)
            w, b = w - lr * slope_w, b - lr * slope_b
    return {"bias": b, "weight": w}
