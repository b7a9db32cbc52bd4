def sgdWithMomentum(data, lr, beta, epochs):
    # start from zero
    w = 0.0
    v = 0.0
    for e in range(0, epochs):
        for i in range(len(data)):
            x, y = data[i]['x'], data[i]['y']
            g = 2 * x * (w * x - y)
            v = beta * v + g
            w = w - lr * v
    return w
