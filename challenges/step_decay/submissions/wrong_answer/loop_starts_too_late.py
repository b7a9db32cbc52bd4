def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError
    lr = baseLr
    for e in range(1, epoch):
        if e % every == 0:
            lr *= factor
    return lr
