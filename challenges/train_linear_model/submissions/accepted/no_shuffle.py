def trainLinearModel(data, lr, epochs, batchSize):
    n = len(data)
    w = 0.0
    b = 0.0
    for _ in range(epochs):
        for start in range(0, n, batchSize):
            end = min(start + batchSize, n)
            dw = db = 0.0
            for i in range(start, end):
                e = w * data[i]["x"] + b - data[i]["y"]
                dw += e * data[i]["x"]
                db += e
            w -= 2 * lr * dw / (end - start)
            b -= 2 * lr * db / (end - start)
    return {"weight": w, "bias": b}
