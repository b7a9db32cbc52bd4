import random


def fisher_yates(indices):
    for i in range(len(indices) - 1, 0, -1):
        j = random.randrange(i + 1)
        indices[i], indices[j] = indices[j], indices[i]


def trainLinearModel(data, lr, epochs, batchSize):
    xs = [float(s["x"]) for s in data]
    ys = [float(s["y"]) for s in data]
    order = list(range(len(data)))
    w, b = 0.0, 0.0
    for _ in range(epochs):
        fisher_yates(order)
        gw = gb = 0.0
        count = 0
        for position, i in enumerate(order, start=1):
            e = w * xs[i] + b - ys[i]
            gw += 2 * e * xs[i]
            gb += 2 * e
            count += 1
            if count == batchSize or position == len(order):
                w -= lr * gw / count
                b -= lr * gb / count
                gw = gb = 0.0
                count = 0
    return {"weight": w, "bias": b}
