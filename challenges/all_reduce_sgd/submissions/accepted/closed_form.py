# Every step is w -> k*w + c with the same k and c, so n steps are k**n * w + c * (1 + k + ...).
def allReduceSGD(shards, w, lr, steps):
    n = sum(map(len, shards))
    if n == 0:
        return w
    k = 1 - 2 * lr * sum(p["x"] * p["x"] for s in shards for p in s) / n
    c = 2 * lr * sum(p["x"] * p["y"] for s in shards for p in s) / n
    power, series = 1.0, 0.0
    for _ in range(steps):
        series += power
        power *= k
    return power * w + c * series
