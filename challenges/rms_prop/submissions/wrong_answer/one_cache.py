from math import sqrt


def rmsProp(params, grads, lr, decay, eps):
    cache = 0
    new = list(params)
    for grad in grads:
        for j in range(len(new)):
            cache = decay * cache + (1 - decay) * grad[j] * grad[j]
            new[j] = new[j] - lr * grad[j] / (sqrt(cache) + eps)
    return new
