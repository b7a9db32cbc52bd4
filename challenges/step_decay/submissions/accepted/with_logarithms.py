from math import exp, log


def stepDecay(epoch, baseLr, factor, every):
    """A product is a sum of logarithms."""
    if every <= 0:
        raise ValueError("every has to be positive")
    return exp(log(baseLr) + (epoch - epoch % every) / every * log(factor))
