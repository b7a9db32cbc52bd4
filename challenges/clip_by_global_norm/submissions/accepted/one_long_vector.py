import numpy as np


def clipByGlobalNorm(gradients, maxNorm):
    """Flatten into one vector, clip that, and cut it into the shapes again."""
    if maxNorm < 0:
        raise ValueError("maxNorm must be >= 0")
    vector = np.concatenate([np.zeros(0)] + [g.ravel() for g in gradients])
    norm = float(np.sqrt(vector @ vector))
    if norm > maxNorm:
        vector = vector * (maxNorm / norm)
    ends = np.cumsum([g.size for g in gradients], dtype=int)
    return [vector[end - g.size : end].reshape(g.shape) for g, end in zip(gradients, ends)]
