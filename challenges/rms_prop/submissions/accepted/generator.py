def trajectory(params, grads, lr, decay, eps):
    """Yield the parameters before the first step and after each one."""
    s = [0.0 for _ in params]
    yield params
    for step in grads:
        s = [decay * old + (1 - decay) * g ** 2 for old, g in zip(s, step)]
        params = [p - lr * g / (m ** 0.5 + eps) for p, g, m in zip(params, step, s)]
        yield params


def rmsProp(params, grads, lr, decay, eps):
    *_, last = trajectory(params, grads, lr, decay, eps)
    return last
