def trainLinearModel(data, lr, epochs, batchSize):
    """Fit y = weight*x + bias by mini-batch gradient descent and return both parameters.

    data:      a list of {"x": number, "y": number}
    lr:        learning rate
    epochs:    number of passes over the data
    batchSize: how many samples a batch holds; the last batch of an epoch may hold fewer
    """
    # Start with weight = 0 and bias = 0.
    # For each epoch: shuffle a copy of the data, cut it into batches, move both parameters
    # once per batch.
    # Return {"weight": ..., "bias": ...}.
