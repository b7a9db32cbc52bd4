def nesterovMomentum(w, gradients, lr, beta):
    new = w.astype(float)
    for g in gradients:
        v = g  # the velocity
        new = new + lr * (g + beta * v)
    return new
