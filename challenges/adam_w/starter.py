def adamW(params, grads, lr, beta1, beta2, eps, weightDecay):
    """Run AdamW over known gradients and return the final parameters as a list.

    params:       the parameters at the start, a list of numbers
    grads:        one list of gradients for each step, as long as params
    lr:           learning rate
    beta1, beta2: factors of the first and the second moment
    eps:          the number added to the root in the denominator
    weightDecay:  the decoupled weight decay
    """
    # Start with copies: params has to stay as it is.
    # Keep a first and a second moment for every parameter, both 0 at the start.
    # For each step t = 1, 2, ..., for each parameter: decay, moments, correction, step.
