# Weighted by size, the mean of the workers' means is just the mean over all the points.
def allReduceSGD(shards, w, lr, steps):
    points = [p for shard in shards for p in shard]
    if not points:
        return w
    for _ in range(steps):
        w = w - lr * sum(2 * (w * p["x"] - p["y"]) * p["x"] for p in points) / len(points)
    return w
