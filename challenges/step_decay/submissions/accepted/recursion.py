def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("no drops possible")
    if epoch < every:
        return baseLr
    return factor * stepDecay(epoch - every, baseLr, factor, every)
