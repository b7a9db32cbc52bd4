def sgdWithMomentum(data, lr, beta, epochs):
    return 0
