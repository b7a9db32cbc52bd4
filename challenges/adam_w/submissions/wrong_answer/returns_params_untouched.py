def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    for t in range(len(grads)):
        for p, g in zip(params, grads[t]):
            p = p - lr * weightDecay * p
            p = p - lr * g / (abs(g) + eps)
    return params
