# No 1 - beta at all: keep the weighted sum and the sum of the weights, and divide.
def smoothLoss(losses, beta):
    total, weight, smooth = 0.0, 0.0, []
    for loss in losses:
        total = beta * total + loss
        weight = beta * weight + 1.0
        smooth.append(total / weight)
    return smooth
