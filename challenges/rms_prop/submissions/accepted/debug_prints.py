def rmsProp(params, grads, lr, decay, eps):
    p = params.copy()
    s = [0] * len(p)
    for t, step in enumerate(grads):
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
        print("step", t, "s =", s, "p =", p)
    return p
