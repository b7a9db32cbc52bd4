def smoothLoss(losses, beta):
    out = []
    m = 0
    for t in range(1, len(losses) + 1):
        m = beta * m + (1 - beta) * losses[t - 1]
        m = m / (1 - beta ** t)
        out.append(m)
    return out
