def all_reduce_sgd(data_shards, weight, learning_rate, n_steps):
    sizes = [len(shard) for shard in data_shards]
    shares = [size / sum(sizes) if size else 0.0 for size in sizes]
    for _ in range(n_steps):
        update = 0.0
        for share, shard in zip(shares, data_shards):
            if share:
                mean = sum(2 * row["x"] * (weight * row["x"] - row["y"]) for row in shard)
                update += share * mean / len(shard)
        weight -= learning_rate * update
    return weight
