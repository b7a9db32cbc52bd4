def allReduceSGD(shards, w, lr, steps):
    replicas = [w] * len(shards)
    total = sum(len(s) for s in shards)
    for _ in range(steps):
        if total:
            g = sum(
                2 * (r * p["x"] - p["y"]) * p["x"] for r, s in zip(replicas, shards) for p in s
            )
            replicas = [r - lr * g / total for r in replicas]
    return replicas
