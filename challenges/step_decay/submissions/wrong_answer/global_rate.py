lr = None


def stepDecay(epoch, baseLr, factor, every):
    global lr
    if every <= 0:
        raise ValueError("every")
    if lr is None:
        lr = baseLr
    if epoch > 0 and epoch % every == 0:
        lr = lr * factor
    return lr
