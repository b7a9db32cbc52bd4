import math


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    params = [p for p in params]
    m = 0
    v = 0
    t = 0
    for grad in grads:
        t += 1
        for i in range(len(params)):
            params[i] = params[i] - lr * weightDecay * params[i]
            m = beta1 * m + (1 - beta1) * grad[i]
            v = beta2 * v + (1 - beta2) * grad[i] * grad[i]
            mh = m / (1 - beta1**t)
            vh = v / (1 - beta2**t)
            params[i] = params[i] - lr * mh / (math.sqrt(vh) + eps)
    return params
