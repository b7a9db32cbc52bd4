def train_worker(shard, w, lr, steps):
    for _ in range(steps):
        w = w - lr * sum(2 * (w * p["x"] - p["y"]) * p["x"] for p in shard) / len(shard)
    return w


def allReduceSGD(shards, w, lr, steps):
    shards = [s for s in shards if s]
    total = sum(len(s) for s in shards)
    if total == 0:
        return w
    return sum(train_worker(s, w, lr, steps) * len(s) for s in shards) / total
