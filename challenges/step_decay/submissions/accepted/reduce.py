from functools import reduce
from itertools import repeat
from operator import mul


def stepDecay(epoch, baseLr, factor, every):
    if every <= 0:
        raise ValueError(every)
    return reduce(mul, repeat(factor, epoch // every), baseLr)
