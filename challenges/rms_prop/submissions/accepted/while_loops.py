def rmsProp(params, grads, lr, decay, eps):
    result = []
    i = 0
    while i < len(params):
        p = params[i]
        s = 0
        t = 0
        while t < len(grads):
            g = grads[t][i]
            s = decay * s
            s = s + (1 - decay) * g * g
            root = s ** (1 / 2)
            p = p - lr * g / (root + eps)
            t = t + 1
        result.append(p)
        i = i + 1
    return result
