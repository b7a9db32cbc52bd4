"""`rmsProp`: the reference, then what students write instead.

RMSProp (Tieleman and Hinton 2012) divides each gradient by the root of a running mean of its
squares, so that every parameter moves by steps of about the same size. For each parameter on
its own, from s = 0, in every step:

    s = decay*s + (1 - decay)*g*g
    p = p - lr*g / (sqrt(s) + eps)

Every function takes `params` (a sequence of numbers), `grads` (one sequence of numbers for each
step, as long as `params`), `lr`, `decay` and `eps`, returns the final parameters as a list and
changes nothing. Each variant makes one mistake and stands on its own, so that its source alone
is a submission. The doctests share one input, so that the answers can be compared at a glance.
"""

from collections.abc import Sequence
from typing import TypeAlias

Numbers: TypeAlias = Sequence[float]

_PARAMS: Numbers = (1.0, -2.0)
_GRADS: Sequence[Numbers] = ((2.0, -0.5), (-1.0, 0.25), (0.5, 1.0))


def _shown(numbers: Numbers) -> list[float]:
    """Return what a doctest shows of some numbers.

    >>> _shown((1.23456789, 2.0))
    [1.234568, 2.0]
    """
    return [round(number, 6) for number in numbers]


def rms_prop(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Return the parameters after one step of RMSProp for each entry of `grads`.

    >>> _shown(rms_prop(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.744136, -2.155933]

    The example of the statement, step by step:

    >>> steps = [[3.0, 0.02], [-1.0, 0.05], [2.0, -0.01]]
    >>> for count in range(4):
    ...     _shown(rms_prop([0.5, -1.0], steps[:count], 0.1, 0.9, 0.01))
    [0.5, -1.0]
    [0.187071, -1.122515]
    [0.290812, -1.308309]
    [0.111292, -1.270362]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
    return p


def without_decay(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,
    decay: float,  # noqa: ARG001 - the mistake itself
    eps: float,
) -> list[float]:
    """Add the squares up and forget nothing, as AdaGrad does.

    >>> _shown(without_decay(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.84659, -2.085933]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = s[i] + g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
    return p


def square_in_full(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Let s decay, but add each new square in full.

    >>> _shown(square_in_full(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.845718, -2.09476]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
    return p


def weights_swapped(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Weight the old mean by 1 - decay and the new square by decay.

    >>> _shown(weights_swapped(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.82094, -2.124782]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = (1 - decay) * s[i] + decay * g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
    return p


def mean_squared(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Average the gradients and square the mean, instead of averaging the squares.

    >>> _shown(mean_squared(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.726087, -2.261733]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g
            p[i] = p[i] - lr * g / ((s[i] * s[i]) ** 0.5 + eps)
    return p


def eps_inside_root(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Add eps before the root is taken.

    >>> _shown(eps_inside_root(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.686767, -2.196723]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] + eps) ** 0.5
    return p


def without_root(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Divide by s itself.

    >>> _shown(without_root(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.738095, -2.202614]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] + eps)
    return p


def step_before_mean(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Move each parameter before its s is brought up to date.

    >>> _shown(step_before_mean(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.083333, -2.166667]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
            s[i] = decay * s[i] + (1 - decay) * g * g
    return p


def bias_corrected(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Correct s for its start at 0, as Adam does.

    >>> _shown(bias_corrected(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.850101, -2.151678]
    """
    p = list(params)
    s = [0.0] * len(params)
    for t, step in enumerate(grads, start=1):
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / ((s[i] / (1 - decay**t)) ** 0.5 + eps)
    return p


def one_mean_for_all(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Keep a single s, which every parameter updates in turn.

    >>> _shown(one_mean_for_all(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.741595, -2.148183]
    """
    p = list(params)
    s = 0.0
    for step in grads:
        for i, g in enumerate(step):
            s = decay * s + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s**0.5 + eps)
    return p


def mean_reset_each_step(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Start s anew in every step.

    >>> _shown(mean_reset_each_step(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.75, -2.183333]
    """
    p = list(params)
    for step in grads:
        s = [0.0] * len(params)
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
    return p


def mean_starts_at_one(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Start s at 1 instead of 0.

    >>> _shown(mean_starts_at_one(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.790975, -2.14472]
    """
    p = list(params)
    s = [1.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
    return p


def ascent(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Add the step instead of subtracting it.

    >>> _shown(ascent(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [1.255864, -1.844067]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] + lr * g / (s[i] ** 0.5 + eps)
    return p


def without_learning_rate(
    params: Numbers,
    grads: Sequence[Numbers],
    lr: float,  # noqa: ARG001 - the mistake itself
    decay: float,
    eps: float,
) -> list[float]:
    """Forget the learning rate.

    >>> _shown(without_learning_rate(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [-0.023456, -2.623731]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - g / (s[i] ** 0.5 + eps)
    return p


def learning_rate_twice(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Multiply by the learning rate twice.

    >>> _shown(learning_rate_twice(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.936034, -2.038983]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * lr * g / (s[i] ** 0.5 + eps)
    return p


def last_gradient_only(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Take one step only, with the last gradient.

    >>> _shown(last_gradient_only(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.833333, -2.25]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads[-1:]:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
    return p


def first_gradient_only(
    params: Numbers, grads: Sequence[Numbers], lr: float, decay: float, eps: float
) -> list[float]:
    """Return after the first step.

    >>> _shown(first_gradient_only(_PARAMS, _GRADS, 0.25, 0.75, 0.5))
    [0.666667, -1.833333]
    """
    p = list(params)
    s = [0.0] * len(params)
    for step in grads:
        for i, g in enumerate(step):
            s[i] = decay * s[i] + (1 - decay) * g * g
            p[i] = p[i] - lr * g / (s[i] ** 0.5 + eps)
        return p
    return p
