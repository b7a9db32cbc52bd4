def clipByGlobalNorm(gradients, maxNorm):
    if maxNorm < 0:
        raise ValueError("maxNorm")
    norm = sum((g**2).sum() for g in gradients) ** 0.5
    for g in gradients:
        if norm > maxNorm:
            g = g * maxNorm / norm
    return gradients
