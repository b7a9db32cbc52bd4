# No running moments: m and v written out as weighted sums over all gradients so far.
from math import sqrt


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    out = []
    for i, p in enumerate(params):
        seen = []
        for row in grads:
            seen.append(row[i])
            t = len(seen)
            w1 = [beta1 ** (t - 1 - k) for k in range(t)]
            w2 = [beta2 ** (t - 1 - k) for k in range(t)]
            # (1 - beta)/(1 - beta**t) is one over the sum of the weights
            mhat = sum(w * g for w, g in zip(w1, seen)) / sum(w1)
            vhat = sum(w * g * g for w, g in zip(w2, seen)) / sum(w2)
            p = p * (1 - lr * weightDecay) - lr * mhat / (sqrt(vhat) + eps)
        out.append(p)
    return out
