"""`stepDecay`: the reference, then what students write instead.

The learning rate stays the same for `every` epochs and is then multiplied by `factor`, again
and again:

    lr = baseLr * factor**(epoch // every),    epochs counted from 0

Every function takes `epoch`, `baseLr`, `factor` and `every` and returns one number; the
reference raises ValueError if `every` is not positive. Each variant makes one mistake and stands
on its own, so that its source alone is a submission. The doctests share their inputs, so that
the answers can be compared at a glance.
"""

from collections.abc import Callable

_BASE, _FACTOR, _EVERY = 0.8, 0.25, 3


def _course(schedule: Callable[..., float], epochs: int = 8) -> list[float]:
    """Return what a schedule answers for the first epochs, as a doctest shows it.

    >>> _course(lambda epoch, baseLr, factor, every: baseLr, epochs=2)
    [0.8, 0.8]
    """
    return [round(schedule(epoch, _BASE, _FACTOR, _EVERY), 6) for epoch in range(epochs)]


def step_decay(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Return the learning rate of an epoch, which drops at every multiple of `every`.

    >>> _course(step_decay)
    [0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.05, 0.05]
    >>> step_decay(4, 0.8, 0.25, 0)
    Traceback (most recent call last):
        ...
    ValueError: every has to be at least 1

    The example of the statement:

    >>> [round(step_decay(epoch, 0.4, 0.5, 3), 6) for epoch in range(10)]
    [0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.05]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return baseLr * factor**drops


def continuous_exponent(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Let the rate fall a little in every epoch.

    >>> _course(continuous_exponent)
    [0.8, 0.503968, 0.31748, 0.2, 0.125992, 0.07937, 0.05, 0.031498]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch / every
    return baseLr * factor**drops


def one_epoch_early(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Count the epochs from 1, so that every drop comes one epoch early.

    >>> _course(one_epoch_early)
    [0.8, 0.8, 0.2, 0.2, 0.2, 0.05, 0.05, 0.05]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = (epoch + 1) // every
    return baseLr * factor**drops


def one_epoch_late(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Drop after the multiples of `every` instead of at them.

    >>> _course(one_epoch_late)
    [0.8, 0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.05]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = max(epoch - 1, 0) // every
    return baseLr * factor**drops


def dropped_at_once(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Start with a rate that has dropped once already.

    >>> _course(dropped_at_once)
    [0.2, 0.2, 0.2, 0.05, 0.05, 0.05, 0.0125, 0.0125]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every + 1
    return baseLr * factor**drops


def rounded_up(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Round the number of drops up.

    >>> _course(rounded_up)
    [0.8, 0.2, 0.2, 0.2, 0.05, 0.05, 0.05, 0.0125]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = -(-epoch // every)
    return baseLr * factor**drops


def every_epoch(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Drop in every epoch.

    >>> _course(every_epoch)
    [0.8, 0.2, 0.05, 0.0125, 0.003125, 0.000781, 0.000195, 4.9e-05]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch
    return baseLr * factor**drops


def remainder(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Take the remainder of the division instead of the quotient.

    >>> _course(remainder)
    [0.8, 0.2, 0.05, 0.8, 0.2, 0.05, 0.8, 0.2]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch % every
    return baseLr * factor**drops


def dropped_once(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Drop once and never again.

    >>> _course(dropped_once)
    [0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.2, 0.2]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = min(epoch // every, 1)
    return baseLr * factor**drops


def factor_subtracted(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Subtract the factor at every drop.

    >>> _course(factor_subtracted)
    [0.8, 0.8, 0.8, 0.55, 0.55, 0.55, 0.3, 0.3]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return baseLr - factor * drops


def factor_times_drops(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Multiply by the number of drops instead of raising to it.

    >>> _course(factor_times_drops)
    [0.0, 0.0, 0.0, 0.2, 0.2, 0.2, 0.4, 0.4]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return baseLr * factor * drops


def base_and_factor_swapped(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Raise the base to the number of drops instead of the factor.

    >>> _course(base_and_factor_swapped)
    [0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.16, 0.16]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return factor * baseLr**drops


def divided_by_factor(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Divide by the factor at every drop.

    >>> _course(divided_by_factor)
    [0.8, 0.8, 0.8, 3.2, 3.2, 3.2, 12.8, 12.8]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return baseLr / factor**drops


def linear(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Take the share that the first drop takes off again at every drop.

    >>> _course(linear)
    [0.8, 0.8, 0.8, 0.2, 0.2, 0.2, -0.4, -0.4]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return baseLr * (1 - (1 - factor) * drops)


def factor_taken_off(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Read the factor as the share that a drop takes off.

    >>> _course(factor_taken_off)
    [0.8, 0.8, 0.8, 0.6, 0.6, 0.6, 0.45, 0.45]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return baseLr * (1 - factor) ** drops


def base_left_out(epoch: int, baseLr: float, factor: float, every: int) -> float:  # noqa: ARG001 - the mistake itself
    """Return what the base has to be multiplied by.

    >>> _course(base_left_out)
    [1.0, 1.0, 1.0, 0.25, 0.25, 0.25, 0.0625, 0.0625]
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return factor**drops


def rounded(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Round the answer to 4 digits.

    >>> _course(rounded)
    [0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.05, 0.05]
    >>> rounded(12, 0.8, 0.25, 3), step_decay(12, 0.8, 0.25, 3)
    (0.0031, 0.003125)
    """
    if every <= 0:
        raise ValueError("every has to be at least 1")
    drops = epoch // every
    return round(baseLr * factor**drops, 4)


def not_checked(epoch: int, baseLr: float, factor: float, every: int) -> float:
    """Take whatever `every` is given.

    >>> _course(not_checked)
    [0.8, 0.8, 0.8, 0.2, 0.2, 0.2, 0.05, 0.05]
    >>> not_checked(4, 0.8, 0.25, -2)
    12.8
    """
    drops = epoch // every
    return baseLr * factor**drops
