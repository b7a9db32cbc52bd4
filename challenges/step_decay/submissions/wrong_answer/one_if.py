def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("bad")
    if epoch >= every:
        return baseLr * factor
    return baseLr
