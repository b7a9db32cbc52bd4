def smoothLoss(losses, beta):
    smoothed = []
    for t in range(1, len(losses) + 1):
        total = 0.0
        weights = 0.0
        for i in range(t):
            weight = beta ** (t - 1 - i)
            total += weight * losses[i]
            weights += weight
        smoothed.append(total / weights)
    return smoothed
