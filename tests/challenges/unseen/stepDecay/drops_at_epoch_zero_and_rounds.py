# mistake: two mistakes: the loop counts epoch 0 as a drop and leaves out the present epoch, so that each drop comes too early, and the rate is rounded to 4 decimals.
def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every <= 0")
    lr = baseLr
    for e in range(epoch):
        if e % every == 0:
            lr = lr * factor
    return round(lr, 4)
