from functools import reduce


def allReduceSGD(shards, w, lr, steps):
    def add(one, other):
        return one[0] + other[0], one[1] + other[1]

    def local(shard, w):
        return sum((w * p["x"] - p["y"]) * p["x"] for p in shard), len(shard)

    def step(w, _):
        total, count = reduce(add, (local(shard, w) for shard in shards), (0.0, 0))
        return w - 2 * lr * total / count if count else w

    return reduce(step, range(steps), w)
