def stepDecay(epoch, baseLr, factor, every):
    return baseLr * factor ** (epoch // every)
