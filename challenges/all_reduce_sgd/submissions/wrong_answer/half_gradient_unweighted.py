# no factor 2, and every worker counts the same
def allReduceSGD(shards, w, lr, steps):
    active = [s for s in shards if s]
    for _ in range(steps if active else 0):
        means = [sum((w * p["x"] - p["y"]) * p["x"] for p in s) / len(s) for s in active]
        w = w - lr * sum(means) / len(means)
    return w
