def gradient(shard, w):
    """Sum of the gradients and number of points of one worker, added up recursively."""
    if not shard:
        return 0, 0
    p, rest = shard[0], shard[1:]
    g, n = gradient(rest, w)
    return g + 2 * (w * p["x"] - p["y"]) * p["x"], n + 1


def allReduceSGD(shards, w, lr, steps):
    if steps == 0:
        return w
    results = [gradient(shard, w) for shard in shards]
    n = sum(r[1] for r in results)
    if n == 0:
        return w
    return allReduceSGD(shards, w - lr * sum(r[0] for r in results) / n, lr, steps - 1)
