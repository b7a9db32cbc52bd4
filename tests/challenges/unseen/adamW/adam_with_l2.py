# mistake: the weight decay is added to the gradient, where it enters both moments: that is Adam with L2, not AdamW.
import math


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    p = [float(x) for x in params]
    m = [0.0 for _ in p]
    v = [0.0 for _ in p]
    for t, step_grads in enumerate(grads, start=1):
        for i in range(len(p)):
            g = step_grads[i] + weightDecay * p[i]
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g**2
            mhat = m[i] / (1 - beta1**t)
            vhat = v[i] / (1 - beta2**t)
            p[i] -= lr * mhat / (math.sqrt(vhat) + eps)
    return p
