def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every")
    lr = baseLr
    for e in range(epoch + 1):
        if (e + 1) % every == 0:
            lr -= lr * factor
    return lr
