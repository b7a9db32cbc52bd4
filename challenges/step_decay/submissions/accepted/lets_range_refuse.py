from math import prod


def stepDecay(epoch, baseLr, factor, every):
    if every < 0:
        raise ValueError("every is negative")
    # range(...) raises ValueError by itself for a step of 0
    return prod((factor for _ in range(every, epoch + 1, every)), start=baseLr)
