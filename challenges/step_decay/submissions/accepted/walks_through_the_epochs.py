def stepDecay(epoch, baseLr, factor, every):
    if every < 1:
        raise ValueError
    lr = baseLr
    for e in range(1, epoch + 1):
        if e % every == 0:
            lr = lr * factor
    return lr
