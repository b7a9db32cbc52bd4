from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Gradients:
    arrays: tuple

    @property
    def norm(self) -> float:
        return float(np.sqrt(sum((a * a).sum() for a in self.arrays)))

    def __mul__(self, factor: float) -> "Gradients":
        return Gradients(tuple(a * factor for a in self.arrays))

    def clipped(self, limit: float) -> "Gradients":
        if limit < 0:
            raise ValueError("the limit has to be 0 or more")
        return self * (limit / self.norm) if self.norm > limit else self


def clipByGlobalNorm(gradients, maxNorm):
    return list(Gradients(tuple(gradients)).clipped(maxNorm).arrays)
