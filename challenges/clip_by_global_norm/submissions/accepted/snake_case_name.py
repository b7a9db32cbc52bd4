import numpy as np


def clip_by_global_norm(grads, max_norm):
    if max_norm < 0:
        raise ValueError("max_norm must be non-negative")
    out = []
    total = 0.0
    i = 0
    while i < len(grads):
        flat = grads[i].reshape(-1)
        total += np.einsum("i,i->", flat, flat)
        out.append(np.copy(grads[i]))
        i += 1
    norm = total**0.5
    if norm > max_norm:
        for g in out:
            g *= max_norm / norm  # the copies only
    return out
