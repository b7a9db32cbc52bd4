def stepDecay(epoch, baseLr, factor, every):
    lr = baseLr
    if every > 0:
        for _ in range(epoch // every):
            lr *= factor
    return lr
