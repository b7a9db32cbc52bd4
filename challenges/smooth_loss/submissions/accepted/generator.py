def averages(losses, beta):
    average = 0.0
    for loss in losses:
        average += (1 - beta) * (loss - average)
        yield average


def corrections(beta):
    power = 1.0
    while True:
        power *= beta
        yield 1.0 - power


def smoothLoss(losses, beta):
    return tuple(a / c for a, c in zip(averages(losses, beta), corrections(beta)))
