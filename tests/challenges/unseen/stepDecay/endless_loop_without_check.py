# mistake: `every` is not checked: with 0 or a negative number the loop never ends, instead of raising a ValueError.
def stepDecay(epoch, baseLr, factor, every):
    lr = baseLr
    while epoch >= every:
        epoch -= every
        lr *= factor
    return lr
