def allReduceSGD(shard, lr, steps):
    w = 0
    for _ in range(steps):
        w -= lr * sum(2 * (w * p["x"] - p["y"]) * p["x"] for p in shard) / len(shard)
    return w
