# two mistakes: decay in the gradient, and the moments are used as they are
def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    out = []
    for i, w in enumerate(params):
        m = v = 0.0
        for row in grads:
            g = row[i] + weightDecay * w
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g * g
            w -= lr * m / (v**0.5 + eps)
        out.append(w)
    return out
