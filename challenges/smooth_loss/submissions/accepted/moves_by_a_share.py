def smoothLoss(losses, beta):
    """The corrected average moves towards each loss by a share that shrinks to 1 - beta."""
    current = 0.0
    curve = []
    remaining = 1.0  # beta**t
    for loss in losses:
        remaining *= beta
        share = (1 - beta) / (1 - remaining)
        current += share * (loss - current)
        curve.append(current)
    return curve
