def sgdWithMomentum(data, lr, beta, epochs):
    weight = 0.0
    momentum = 0.0
    i = 0
    while i < epochs:
        for sample in data:
            prediction = weight * sample['x']
            loss_grad = 2.0 * sample['x'] * (prediction - sample['y'])
            momentum = momentum * beta + loss_grad
            weight = weight - momentum * lr
        i += 1
    return weight
