# mistake: each worker trains its own replica for all steps and the weights are averaged once at the end (local SGD), instead of averaging the gradients in each step.
def train_worker(shard, w, lr, steps):
    for _ in range(steps):
        total = 0
        for p in shard:
            total += 2 * (w * p["x"] - p["y"]) * p["x"]
        w = w - lr * total / len(shard)
    return w


def allReduceSGD(shards, w, lr, steps):
    n_all = sum(len(s) for s in shards)
    if n_all == 0:
        return w
    result = 0
    for shard in shards:
        if len(shard) > 0:
            result += train_worker(shard, w, lr, steps) * len(shard) / n_all
    return result
