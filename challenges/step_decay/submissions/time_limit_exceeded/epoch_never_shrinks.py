def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    lr = baseLr
    while epoch >= every:
        lr = lr * factor
    return lr
