import numpy as np


def global_norm(t_list):
    return np.sqrt(sum(np.sum(np.square(t)) for t in t_list))


def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("clip_norm must be >= 0")
    largest = max(global_norm(gradients), maxNorm)
    if largest == 0:
        return [np.zeros(t.shape) for t in gradients]
    return [t * (maxNorm / largest) for t in gradients]
