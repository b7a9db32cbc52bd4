def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    return [baseLr * factor ** (e // every) for e in range(min(epoch, 1000) + 1)]
