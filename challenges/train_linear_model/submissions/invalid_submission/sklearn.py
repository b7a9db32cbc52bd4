from sklearn.linear_model import SGDRegressor


def trainLinearModel(data, lr, epochs, batchSize):
    model = SGDRegressor(eta0=lr, max_iter=epochs)
    model.fit([[s["x"]] for s in data], [s["y"] for s in data])
    return {"weight": model.coef_[0], "bias": model.intercept_[0]}
