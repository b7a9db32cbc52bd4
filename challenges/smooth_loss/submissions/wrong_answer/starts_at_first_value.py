# As TensorBoard used to do it.
def smoothLoss(losses, beta):
    smoothed = []
    last = None
    for point in losses:
        if last is None:
            last = point
        last = last * beta + (1 - beta) * point
        smoothed.append(last)
    return smoothed
