import copy
import random


def trainLinearModel(data, lr, epochs, batchSize):
    data = copy.deepcopy(data)
    params = {"weight": 0, "bias": 0}
    for epoch in range(epochs):
        random.shuffle(data)
        for start in range(0, len(data), batchSize):
            batch = data[start:start + batchSize]
            grads = {"weight": 0, "bias": 0}
            for sample in batch:
                diff = params["weight"] * sample["x"] + params["bias"] - sample["y"]
                grads["weight"] += 2 * diff * sample["x"] / len(batch)
                grads["bias"] += 2 * diff / len(batch)
            for name in params:
                params[name] -= lr * grads[name]
        if data and epoch % 100 == 0:
            loss = sum((params["weight"] * s["x"] + params["bias"] - s["y"]) ** 2 for s in data)
            print("epoch", epoch, "loss", loss / len(data))
    return params
