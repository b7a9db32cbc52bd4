def step_decay(epoch, base_lr, drop_factor, drop_every):
    if drop_every <= 0:
        raise ValueError("drop_every must be a positive number of epochs")
    number_of_drops = int(epoch / drop_every)
    learning_rate = base_lr
    for _ in range(number_of_drops):
        learning_rate = learning_rate * drop_factor
    return learning_rate
