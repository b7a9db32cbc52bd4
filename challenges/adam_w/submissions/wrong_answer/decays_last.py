from math import sqrt


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    weights = list(params)
    ms = [0.0] * len(weights)
    vs = [0.0] * len(weights)
    for k, step in enumerate(grads):
        for i, g in enumerate(step):
            ms[i] = beta1 * ms[i] + (1 - beta1) * g
            vs[i] = beta2 * vs[i] + (1 - beta2) * g * g
            a = ms[i] / (1 - beta1 ** (k + 1))
            b = vs[i] / (1 - beta2 ** (k + 1))
            weights[i] -= lr * a / (sqrt(b) + eps)
        # now the weight decay
        weights = [w * (1 - lr * weightDecay) for w in weights]
    return weights
