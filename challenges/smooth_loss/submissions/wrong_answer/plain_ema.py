def smoothLoss(losses, beta):
    ema = 0
    history = []
    for x in losses:
        ema = ema * beta + x * (1 - beta)
        history.append(ema)
    return history
