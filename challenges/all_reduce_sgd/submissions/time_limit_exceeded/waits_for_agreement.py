def allReduceSGD(shards, w, lr, steps):
    total = sum(len(s) for s in shards)
    step = 0
    while step < steps:
        if total == 0:
            continue  # nothing to do in this step
        w -= lr * sum(2 * (w * p["x"] - p["y"]) * p["x"] for s in shards for p in s) / total
        step += 1
    return w
