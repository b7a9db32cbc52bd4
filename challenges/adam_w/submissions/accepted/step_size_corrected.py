import math


# Both corrections in front: then eps has to shrink along with the root.
def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = params[:]
    m = [0.0 for _ in p]
    v = [0.0 for _ in p]
    power1 = power2 = 1.0
    for g in grads:
        power1 *= beta1
        power2 *= beta2
        root = math.sqrt(1 - power2)
        size = lr * root / (1 - power1)
        for i in range(len(p)):
            m[i] += (1 - beta1) * (g[i] - m[i])
            v[i] += (1 - beta2) * (g[i] * g[i] - v[i])
            p[i] = p[i] - lr * weightDecay * p[i]
            p[i] = p[i] - size * m[i] / (math.sqrt(v[i]) + eps * root)
    return p
