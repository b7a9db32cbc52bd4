from itertools import islice


def plateaus(rate, factor):
    """Yield the rate of each plateau."""
    while True:
        yield rate
        rate = rate * factor


def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("a plateau needs at least one epoch")
    plateau = epoch // every
    return next(islice(plateaus(baseLr, factor), plateau, None))
