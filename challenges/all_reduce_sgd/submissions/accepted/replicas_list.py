def allReduceSGD(shards, w, lr, steps):
    workers = len(shards)
    if workers == 0:
        return w
    replicas = [w] * workers
    total = sum(len(s) for s in shards)
    step = 0
    while step < steps and total > 0:
        messages = []
        for rank in range(workers):
            g = 0.0
            for p in shards[rank]:
                g = g + 2 * (replicas[rank] * p["x"] - p["y"]) * p["x"]
            messages.append(g)  # the sum; every rank divides by the total number of points
        reduced = sum(messages) / total
        replicas = [r - lr * reduced for r in replicas]
        step += 1
    return replicas[-1]
