def walk(p, gs, lr, b1, b2, eps, wd):
    """Yield the parameter before the first step and after every step."""
    m = v = 0.0
    t = 0
    yield p
    for g in gs:
        t += 1
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        p = p - lr * wd * p - lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)) ** 0.5 + eps)
        yield p


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    final = []
    for i, p in enumerate(params):
        *_, last = walk(p, [row[i] for row in grads], lr, beta1, beta2, eps, weightDecay)
        final.append(last)
    return tuple(final)
