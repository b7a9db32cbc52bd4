def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    drop = baseLr - baseLr * factor
    return max(baseLr - (epoch // every) * drop, 0.0)
