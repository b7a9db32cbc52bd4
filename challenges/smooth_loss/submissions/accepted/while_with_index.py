def smoothLoss(losses, beta):
    n = len(losses)
    smoothed = [0] * n
    ema = 0
    i = 0
    while i < n:
        ema = beta * ema + (1 - beta) * losses[i]
        bias = 1 - beta ** (i + 1)
        smoothed[i] = ema / bias
        if i < 3:
            print("step", i + 1, "loss", losses[i], "ema", ema, "->", smoothed[i])
        i = i + 1
    return smoothed
