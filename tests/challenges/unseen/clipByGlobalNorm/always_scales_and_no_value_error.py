# mistake: two mistakes: gradients within the norm are scaled up to it too, and a negative maxNorm raises no ValueError.
import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    squares = 0.0
    for g in gradients:
        squares += (g * g).sum()
    norm = np.sqrt(squares)
    if norm == 0:
        return [np.zeros(g.shape) for g in gradients]
    scale = maxNorm / norm
    return [scale * g for g in gradients]
