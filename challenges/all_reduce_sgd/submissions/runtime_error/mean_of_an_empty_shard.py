def allReduceSGD(shards, w, lr, steps):
    total = sum(len(s) for s in shards)
    for _ in range(steps):
        g = 0
        for s in shards:
            mean = sum(2 * (w * p["x"] - p["y"]) * p["x"] for p in s) / len(s)
            g += mean * len(s) / total
        w = w - lr * g
    return w
