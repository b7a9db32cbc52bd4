from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt


@dataclass
class Moments:
    mean: float = 0.0
    square: float = 0.0


@dataclass
class Parameter:
    value: float
    moments: Moments = field(default_factory=Moments)


def adamW(params, grads, lr, beta1, beta2, eps, weightDecay) -> list[float]:
    weights = [Parameter(value) for value in params]
    for number, step in enumerate(grads):
        t = number + 1
        for weight, gradient in zip(weights, step):
            s = weight.moments
            s.mean = beta1 * s.mean + (1 - beta1) * gradient
            s.square = beta2 * s.square + (1 - beta2) * gradient * gradient
            direction = s.mean / (1 - beta1**t) / (sqrt(s.square / (1 - beta2**t)) + eps)
            # Both terms use the value from before the step.
            weight.value -= lr * (direction + weightDecay * weight.value)
    return [weight.value for weight in weights]
