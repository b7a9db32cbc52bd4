def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    if epoch == 0:
        return baseLr
    before = stepDecay(epoch - 1, baseLr, factor, every)
    return before * factor if epoch % every == 0 else before
