from __future__ import annotations

import numpy as np


class GlobalNormClipper:
    def __init__(self, max_norm: float) -> None:
        if max_norm < 0:
            raise ValueError("the largest norm cannot be negative")
        self.max_norm = max_norm

    @staticmethod
    def norm(arrays: list[np.ndarray]) -> float:
        return sum(float(np.vdot(a, a)) for a in arrays) ** 0.5

    def __call__(self, arrays: list[np.ndarray]) -> list[np.ndarray]:
        norm = self.norm(arrays)
        if not norm > self.max_norm:
            return arrays
        return [np.multiply(a, self.max_norm / norm) for a in arrays]


def clipByGlobalNorm(gradients, maxNorm):
    return GlobalNormClipper(maxNorm)(gradients)
