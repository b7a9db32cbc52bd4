# No parameter looks at another, so each can go through all its steps on its own.
def train_one(p, gs, lr, decay, eps):
    s = 0.0
    for g in gs:
        s = decay * s + (1 - decay) * g * g
        p = p - lr * g / (s ** 0.5 + eps)
    return p


def rmsProp(params, grads, lr, decay, eps):
    return [train_one(p, [step[i] for step in grads], lr, decay, eps) for i, p in enumerate(params)]
