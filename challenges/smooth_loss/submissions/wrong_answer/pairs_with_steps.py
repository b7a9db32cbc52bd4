def smoothLoss(losses, beta):
    m = 0.0
    curve = {}
    for t, loss in enumerate(losses, start=1):
        m = beta * m + (1 - beta) * loss
        curve[t] = m / (1 - beta**t)
    return curve
