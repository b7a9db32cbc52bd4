def smoothLoss(losses, beta):
    m = 0.0
    for t, loss in enumerate(losses, start=1):
        m = beta * m + (1 - beta) * loss
        yield m / (1 - beta**t)
