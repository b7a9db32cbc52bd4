def ring_all_reduce(values):
    """Everybody passes on what it got last and adds it to its own, once round the ring."""
    n = len(values)
    sums = list(values)
    travelling = list(values)
    for _ in range(n - 1):
        travelling = [travelling[(i - 1) % n] for i in range(n)]
        sums = [tuple(a + b for a, b in zip(s, t)) for s, t in zip(sums, travelling)]
    return sums


def allReduceSGD(shards, w, lr, steps):
    replicas = [w for _ in shards]
    for _ in range(steps):
        local = []
        for replica, shard in zip(replicas, shards):
            grads = [2 * p["x"] * (replica * p["x"] - p["y"]) for p in shard]
            local.append((sum(grads), len(grads)))
        reduced = ring_all_reduce(local)
        replicas = [r - lr * g / n if n else r for r, (g, n) in zip(replicas, reduced)]
    return replicas[0] if replicas else w
