def nesterovMomentum(w, gradients, velocity, lr, beta):
    for g in gradients:
        velocity = beta * velocity + g
        w = w - lr * (g + beta * velocity)
    return w
