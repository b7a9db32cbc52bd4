def smoothLoss(losses, beta):
    """Smooth a loss curve by an exponential moving average and return the smoothed curve.

    losses: a list of numbers, one for each step
    beta:   how much of the past to keep, at least 0 and below 1
    """
    # Start with an average of 0.
    # For each loss in order: update the average, then correct it for its start at 0.
