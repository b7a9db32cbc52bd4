def smoothLoss(losses, beta):
    smoothed = []
    m = 0.0
    for t, loss in enumerate(losses):
        m = beta * m + (1 - beta) * loss
        smoothed.append(m / (1 - beta**t))
    return smoothed
