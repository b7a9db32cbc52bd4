# mistake: the running means live in a default argument that is made once, so that a call goes on from where the last one stopped.
import math


def rmsProp(params, grads, lr, decay, eps, cache={}):
    params = list(params)
    for g_step in grads:
        for i, g in enumerate(g_step):
            cache[i] = decay * cache.get(i, 0.0) + (1 - decay) * g * g
            params[i] = params[i] - lr * g / (math.sqrt(cache[i]) + eps)
    return params
