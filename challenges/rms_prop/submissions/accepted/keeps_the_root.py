from math import hypot, sqrt


def rmsProp(params, grads, lr, decay, eps):
    """Carry the root of s along instead of s: sqrt(a + b) = hypot(sqrt(a), sqrt(b))."""
    keep, take = sqrt(decay), sqrt(1 - decay)
    state = [[p, 0.0] for p in params]
    for step in grads:
        for cell, g in zip(state, step):
            cell[1] = hypot(keep * cell[1], take * g)
            cell[0] -= lr * g / (cell[1] + eps)
    return [p for p, _ in state]
