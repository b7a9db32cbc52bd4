from random import shuffle


def trainLinearModel(data, lr, epochs, batchSize):
    model = {"weight": 0.0, "bias": 0.0}
    rows = [(s["x"], s["y"]) for s in data]
    for _ in range(epochs):
        shuffle(rows)
        for i in range(0, len(rows), batchSize):
            gw = gb = 0.0
            for x, y in rows[i : i + batchSize]:
                e = model["weight"] * x + model["bias"] - y
                gw, gb = gw + 2 * e * x, gb + 2 * e
            model["weight"] -= lr * gw / batchSize
            model["bias"] -= lr * gb / batchSize
    return model
