import math


# The well-known Keras recipe counts the epochs from 1.
def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError("epochs_drop")
    return baseLr * math.pow(factor, math.floor((1 + epoch) / every))
