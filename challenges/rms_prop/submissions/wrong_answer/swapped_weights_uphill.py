def rmsProp(params, grads, lr, decay, eps):
    values = list(params)
    means = [0.0] * len(values)
    for gs in grads:
        for k in range(len(values)):
            means[k] = (1 - decay) * means[k] + decay * gs[k] ** 2
            values[k] += lr * gs[k] / (means[k] ** 0.5 + eps)
    return values
