def allReduceSGD(shards, w, lr, steps):
    """Train y = w*x on data that is spread over several workers, and return the final w.

    shards: one list of {"x": number, "y": number} for each worker; any of them may be empty
    w:      the weight that all replicas start from
    lr:     learning rate
    steps:  number of steps that all replicas take together
    """
    # For each step:
    #   every worker's mean gradient over its own shard, all at the same w,
    #   the mean of those gradients, weighted by the sizes of the shards,
    #   one step of w.
