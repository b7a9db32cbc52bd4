from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    base: float
    factor: float
    every: int

    def __post_init__(self):
        if self.every <= 0:
            raise ValueError("every has to be at least 1")

    def __call__(self, epoch):
        return self.base * self.factor ** (epoch // self.every)


def stepDecay(epoch, baseLr, factor, every):
    return Schedule(baseLr, factor, every)(epoch)
