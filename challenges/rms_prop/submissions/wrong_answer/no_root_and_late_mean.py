def rmsProp(params, grads, lr, decay, eps):
    out = [p for p in params]
    s = [0 for p in params]
    for g in grads:
        for i in range(len(out)):
            out[i] = out[i] - lr * g[i] / (s[i] + eps)
            s[i] = decay * s[i] + (1 - decay) * g[i] * g[i]
    return out
