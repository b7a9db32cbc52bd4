def stepDecay(epoch, baseLr, factor, every):
    """Return the learning rate of an epoch; ValueError if every is not positive.

    epoch:  number of the epoch, counted from 0
    baseLr: learning rate of the first epoch
    factor: what the rate is multiplied by at each drop
    every:  number of epochs between two drops
    """
    # How often has the rate dropped so far?
