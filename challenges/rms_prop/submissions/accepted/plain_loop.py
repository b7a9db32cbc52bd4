def rmsProp(params, grads, lr, decay, eps):
    w = []
    cache = []
    for p in params:
        w.append(p)
        cache.append(0)
    for step in range(len(grads)):
        for i in range(len(w)):
            g = grads[step][i]
            cache[i] = decay * cache[i] + (1 - decay) * g ** 2
            w[i] -= lr * g / (cache[i] ** 0.5 + eps)
    return w


if __name__ == "__main__":
    print(rmsProp([0.5, -1.0], [[3.0, 0.02], [-1.0, 0.05], [2.0, -0.01]], 0.1, 0.9, 0.01))
