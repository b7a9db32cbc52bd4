# s moves towards g*g by the share 1 - decay: the same mean in another form.
def rmsProp(params, grads, lr, decay, eps):
    s = [0.0] * len(params)
    p = [1.0 * x for x in params]
    for step in grads:
        for i in range(len(p)):
            s[i] += (1 - decay) * (step[i] * step[i] - s[i])
            p[i] += -lr / (eps + s[i] ** 0.5) * step[i]
    return p
