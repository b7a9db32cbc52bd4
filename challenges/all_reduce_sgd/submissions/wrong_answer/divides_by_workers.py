def allReduceSGD(shards, w, lr, steps):
    for _ in range(steps):
        grad = 0.0
        for shard in shards:
            local = 0.0
            for p in shard:
                local += 2 * (w * p["x"] - p["y"]) * p["x"]
            if shard:
                local = local / len(shard)
            grad += local
        if shards:
            w -= lr * grad / len(shards)
    return w
