import torch.distributed as dist


def allReduceSGD(shards, w, lr, steps):
    for _ in range(steps):
        shard = shards[dist.get_rank()]
        g = sum(2 * (w * p["x"] - p["y"]) * p["x"] for p in shard)
        dist.all_reduce(g, op=dist.ReduceOp.SUM)
        w = w - lr * g
    return w
