from concurrent.futures import ThreadPoolExecutor


def run(data, lr, beta, epochs):
    w = v = 0.0
    for _ in range(epochs):
        for s in data:
            v = beta * v + 2 * (w * s["x"] - s["y"]) * s["x"]
            w -= lr * v
    return w


def sgdWithMomentum(data, lr, beta, epochs):
    with ThreadPoolExecutor(max_workers=2) as pool:
        return pool.submit(run, data, lr, beta, epochs).result()
