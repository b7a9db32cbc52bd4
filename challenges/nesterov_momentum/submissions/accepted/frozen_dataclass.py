from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class State:
    weights: np.ndarray
    velocity: np.ndarray

    def after(self, gradient: np.ndarray, lr: float, beta: float) -> State:
        velocity = beta * self.velocity + gradient
        return State(self.weights - lr * (gradient + beta * velocity), velocity)


def nesterovMomentum(w: np.ndarray, gradients: np.ndarray, lr: float, beta: float) -> np.ndarray:
    state = State(np.array(w, dtype=float), np.zeros_like(w, dtype=float))
    for gradient in gradients:
        state = state.after(gradient, lr, beta)
    return state.weights
