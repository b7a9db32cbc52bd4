def allReduceSGD(shards, w, lr, steps):
    for _ in range(steps):
        for shard in shards:
            if not shard:
                continue
            g = 0
            for point in shard:
                g += 2 * point["x"] * (w * point["x"] - point["y"])
            w -= lr * (g / len(shard))
    return w
