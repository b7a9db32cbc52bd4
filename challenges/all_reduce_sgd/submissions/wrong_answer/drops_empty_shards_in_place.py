def allReduceSGD(shards, w, lr, steps):
    for s in list(shards):
        if not s:
            shards.remove(s)
    points = shards[0] if shards else []
    for s in shards[1:]:
        points.extend(s)
    for _ in range(steps):
        if points:
            w = w - lr * sum(2 * (w * p["x"] - p["y"]) * p["x"] for p in points) / len(points)
    return w
