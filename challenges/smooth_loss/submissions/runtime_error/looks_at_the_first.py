def smoothLoss(losses, beta):
    m = (1 - beta) * losses[0]
    smoothed = [losses[0]]
    for i in range(1, len(losses)):
        m = beta * m + (1 - beta) * losses[i]
        smoothed.append(m / (1 - beta ** (i + 1)))
    return smoothed
