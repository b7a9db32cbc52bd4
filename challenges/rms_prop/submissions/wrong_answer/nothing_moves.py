def rmsProp(params, grads, lr, decay, eps):
    return params
