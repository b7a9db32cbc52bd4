# mistake: the function is called clip_gradients, not clipByGlobalNorm.
import numpy as np


def clip_gradients(gradients, max_norm):
    if max_norm < 0:
        raise ValueError("max_norm < 0")
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if norm > max_norm:
        return [g * max_norm / norm for g in gradients]
    return [g.copy() for g in gradients]
