def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    return baseLr * factor ** (epoch // every)
