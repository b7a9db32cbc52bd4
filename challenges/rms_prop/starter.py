def rmsProp(params, grads, lr, decay, eps):
    """Move params by one step of RMSProp for each entry of grads and return the final params.

    params: list of numbers
    grads:  one list of numbers for each step, as long as params
    lr:     learning rate
    decay:  how much of the running mean of squares is kept in each step
    eps:    added to the root of that mean
    """
    # Every parameter has its own s, which starts at 0.
    # For each step, for each parameter: first s, then the parameter.
