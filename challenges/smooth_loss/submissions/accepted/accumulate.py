from itertools import accumulate


def smoothLoss(losses, beta):
    averages = accumulate((0.0, *losses), lambda m, loss: beta * m + (1 - beta) * loss)
    next(averages)  # the 0 that everything starts from
    return [m / (1 - beta**t) for t, m in enumerate(averages, 1)]
