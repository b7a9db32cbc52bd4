def stepDecay(epoch, baseLr, factor, every):
    if not every > 0:
        raise ValueError("every has to be > 0 but is " + str(every))
    rate = baseLr
    left = epoch
    while left >= every:
        rate *= factor
        left -= every
    return rate
