# Adam with beta1 = 0 is RMSProp, isn't it?
def rmsProp(params, grads, lr, decay, eps):
    v = [0.0] * len(params)
    t = 0
    p = params[:]
    for step in grads:
        t += 1
        for i in range(len(p)):
            v[i] = decay * v[i] + (1 - decay) * step[i] ** 2
            v_hat = v[i] / (1 - decay ** t)
            p[i] -= lr * step[i] / (v_hat ** 0.5 + eps)
    return p
