def allReduceSGD(shards, w, lr, steps):
    n_total = 0
    for shard in shards:
        n_total += len(shard)
    if n_total == 0:
        return w
    for step in range(steps):
        avg = 0
        for shard in shards:
            if len(shard) == 0:
                continue
            grad = 0
            for p in shard:
                pred = w * p["x"]
                grad += 2 * (pred - p["y"]) * p["x"]
            grad /= len(shard)
            avg += grad * (len(shard) / n_total)
        w -= lr * avg
    return w


if __name__ == "__main__":
    print(allReduceSGD([[{"x": 1, "y": 2}], [{"x": 2, "y": 3}]], 0.5, 0.1, 10))
