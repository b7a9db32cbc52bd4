def smoothLoss(losses, beta, out=[]):
    m = 0
    for t, loss in enumerate(losses, start=1):
        m = beta * m + (1 - beta) * loss
        out.append(m / (1 - beta**t))
    return out
