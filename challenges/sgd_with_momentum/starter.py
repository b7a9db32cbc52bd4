def sgdWithMomentum(data, lr, beta, epochs):
    """Fit y = w*x by SGD with momentum, one sample at a time, and return the final w.

    data:   a list of {"x": number, "y": number}
    lr:     learning rate
    beta:   momentum factor
    epochs: number of passes over the data
    """
    # Start with w = 0 and velocity = 0.
    # For each epoch, for each sample in order: gradient, velocity, w.
