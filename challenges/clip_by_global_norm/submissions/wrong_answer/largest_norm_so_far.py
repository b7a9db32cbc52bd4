import numpy as np

seen = [0.0]


def clipByGlobalNorm(gradients, maxNorm):
    """Clips by the largest norm that was met so far, to be smooth."""
    if maxNorm < 0:
        raise ValueError("maxNorm")
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    seen.append(norm)
    if norm > maxNorm:
        return [g * maxNorm / max(seen) for g in gradients]
    return list(gradients)
