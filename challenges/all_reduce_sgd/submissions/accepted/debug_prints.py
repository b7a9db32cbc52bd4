def allReduceSGD(shards, w, lr, steps):
    total = sum(len(s) for s in shards)
    print("workers:", len(shards), "points:", total)
    for t in range(steps):
        g = 0
        for i, s in enumerate(shards):
            for p in s:
                g = g + 2 * (w * p["x"] - p["y"]) * p["x"] / total
        w = w - lr * g
        if t < 5:
            print("step", t, "gradient", g, "w", w)
    return w
