def smoothLoss(losses, beta):
    if not losses:
        return []
    m, t = 0.0, 0
    for t, loss in enumerate(losses, 1):
        m = beta * m + (1 - beta) * loss
    return m / (1 - beta**t)
