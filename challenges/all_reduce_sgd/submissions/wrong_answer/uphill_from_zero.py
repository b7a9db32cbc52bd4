def allReduceSGD(shards, w, lr, steps):
    points = sum(shards, [])
    weight = 0
    for _ in range(steps):
        if points:
            weight += lr * sum(2 * (weight * p["x"] - p["y"]) * p["x"] for p in points) / len(points)
    return weight
