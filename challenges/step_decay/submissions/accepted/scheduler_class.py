class StepLR:
    """Like the schedulers of the big libraries: one step() for each epoch."""

    def __init__(self, base, gamma, step_size):
        if step_size <= 0:
            raise ValueError("step_size has to be positive")
        self.lr = base
        self.gamma = gamma
        self.step_size = step_size
        self.last_epoch = 0

    def step(self):
        self.last_epoch += 1
        if self.last_epoch % self.step_size == 0:
            self.lr *= self.gamma


def stepDecay(epoch, baseLr, factor, every):
    scheduler = StepLR(baseLr, factor, every)
    while scheduler.last_epoch < epoch:
        scheduler.step()
    return scheduler.lr
