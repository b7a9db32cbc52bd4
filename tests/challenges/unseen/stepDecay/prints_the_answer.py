# mistake: the rate is printed, not returned, so that the caller gets None.
def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every must be positive")
    drops = epoch // every
    lr = baseLr * factor**drops
    print(lr)
