def nesterovMomentum(w, gradients, lr, beta):
    w = list(w)
    v = [0] * len(w)
    for g in gradients:
        v = [beta * vi + gi for vi, gi in zip(v, g)]
        w = [wi - lr * (gi + beta * vi) for wi, gi, vi in zip(w, g, v)]
    return w
