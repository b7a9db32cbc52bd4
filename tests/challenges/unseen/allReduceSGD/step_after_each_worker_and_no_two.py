# mistake: two mistakes: w takes a step after each worker, so that the next worker computes with a new w, and the factor 2 of the gradient is missing.
def allReduceSGD(shards, w, lr, steps):
    N = 0
    for s in shards:
        N += len(s)
    for k in range(steps):
        for s in shards:
            if len(s) == 0:
                continue
            grad = 0.0
            for pt in s:
                grad += (w * pt["x"] - pt["y"]) * pt["x"]
            grad /= len(s)
            w -= lr * grad * len(s) / N
    return w
