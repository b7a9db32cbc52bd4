def trainLinearModel(data, lr, epochs, batchSize):
    return {"weight": 0.0, "bias": 0.0}
