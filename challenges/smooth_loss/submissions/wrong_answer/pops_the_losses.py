def smoothLoss(losses, beta):
    smoothed = []
    m = 0.0
    t = 1
    losses.reverse()
    while losses:
        m = beta * m + (1 - beta) * losses.pop()
        smoothed.append(m / (1 - beta ** t))
        t += 1
    return smoothed
