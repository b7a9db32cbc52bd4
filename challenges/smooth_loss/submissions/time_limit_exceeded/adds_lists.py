def smoothLoss(losses, beta):
    m = 0.0
    out = []
    for t, loss in enumerate(losses, start=1):
        m = beta * m + (1 - beta) * loss
        out = out + [m / (1 - beta**t)]
    return out
