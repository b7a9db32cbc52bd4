def allReduceSGD(shards, w, lr, steps):
    total = sum(len(s) for s in shards)
    for _ in range(steps):
        g = sum(2 * (w * p["x"] - p["y"]) * p["x"] for s in shards for p in s)
        if total:
            w = w - lr * g / total
    print(w)
