def allReduceSGD(shards, w, lr, steps):
    points = [p for s in shards for p in s]
    for _ in range(steps):
        g = 0
        for x, y in points:
            g += 2 * (w * x - y) * x / len(points)
        w = w - lr * g
    return w + 0 * points[0][0]
