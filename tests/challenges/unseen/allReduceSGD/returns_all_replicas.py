# mistake: it returns a list with the weight of each replica, instead of the one weight they all have.
class Worker:
    def __init__(self, shard, w):
        self.shard = shard
        self.w = w

    def gradient_sum(self):
        return sum(2 * (self.w * p["x"] - p["y"]) * p["x"] for p in self.shard)


def allReduceSGD(shards, w, lr, steps):
    workers = [Worker(s, w) for s in shards]
    total = sum(len(s) for s in shards)
    for _ in range(steps):
        if total == 0:
            break
        g = sum(wk.gradient_sum() for wk in workers) / total
        for wk in workers:
            wk.w = wk.w - lr * g
    return [wk.w for wk in workers]
