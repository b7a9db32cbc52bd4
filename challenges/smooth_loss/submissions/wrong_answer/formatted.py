def smoothLoss(losses, beta):
    m = 0.0
    shown = []
    for t, loss in enumerate(losses, start=1):
        m = beta * m + (1 - beta) * loss
        shown.append(f"{m / (1 - beta ** t):.6f}")
    return shown
