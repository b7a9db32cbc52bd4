import numpy as np


def trainLinearModel(data, lr, epochs, batchSize):
    """Everything in single precision, with a design matrix."""
    X = np.array([[d["x"], 1] for d in data], dtype=np.float32).reshape(-1, 2)
    y = np.array([d["y"] for d in data], dtype=np.float32)
    theta = np.zeros(2, dtype=np.float32)
    rate = np.float32(lr)
    for _ in range(epochs):
        order = np.random.permutation(len(y))
        for start in range(0, len(y), batchSize):
            rows = order[start : start + batchSize]
            A = X[rows]
            gradient = A.T @ (A @ theta - y[rows]) * np.float32(2 / len(rows))
            theta = theta - rate * gradient
    return {"weight": theta[0], "bias": theta[1]}
