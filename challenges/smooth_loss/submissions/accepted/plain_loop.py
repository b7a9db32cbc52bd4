def smoothLoss(losses, beta):
    result = []
    m = 0
    t = 0
    for loss in losses:
        t += 1
        m = beta * m + (1 - beta) * loss
        corrected = m / (1 - beta ** t)
        result.append(corrected)
    return result


if __name__ == "__main__":
    print(smoothLoss([5, 3, 4, 1], 0.9))
