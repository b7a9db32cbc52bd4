def smoothLoss(losses, beta):
    avg = 0.0
    res = []
    for i in range(len(losses)):
        avg = (1 - beta) * avg + beta * losses[i]
        res.append(avg)
    return res
