# mistake: the drops come at every, 2*every, 4*every, 8*every, ..., with a distance that doubles, instead of at each multiple of every.
def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("every has to be > 0")
    rate = baseLr
    milestone = every
    while epoch >= milestone:
        rate *= factor
        milestone *= 2
    return rate
