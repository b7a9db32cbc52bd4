import math
from dataclasses import dataclass


@dataclass(frozen=True)
class WarmupCosine:
    warmup_steps: int
    total_steps: int
    base_lr: float
    min_lr: float

    def is_over(self, step):
        return step >= self.total_steps

    def is_warming_up(self, step):
        return step < self.warmup_steps

    def rate(self, step):
        if self.is_over(step):
            return self.min_lr
        if self.is_warming_up(step):
            return self._line(step)
        return self._cosine(step - self.warmup_steps, self.total_steps - self.warmup_steps)

    def _line(self, step):
        return self.base_lr / self.warmup_steps * step

    def _cosine(self, done, length):
        middle = (self.base_lr + self.min_lr) / 2
        height = (self.base_lr - self.min_lr) / 2
        return middle + height * math.cos(math.pi * done / length)


def warmupCosine(step, warmupSteps, totalSteps, baseLr, minLr):
    return WarmupCosine(warmupSteps, totalSteps, baseLr, minLr).rate(step)
