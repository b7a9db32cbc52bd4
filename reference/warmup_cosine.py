"""`warmupCosine`: the reference, then what students write instead.

The learning rate rises in a line from 0 to baseLr over the warm-up, falls along half a cosine
to minLr at the end, and stays there:

    minLr                                                     for step >= totalSteps
    baseLr * step / warmupSteps                               else for step < warmupSteps
    minLr + (baseLr - minLr) * (1 + cos(pi * progress)) / 2   else

where progress = (step - warmupSteps) / (totalSteps - warmupSteps). The order of the rules
decides where the warm-up is longer than the whole.

Every function takes `step`, `warmupSteps`, `totalSteps`, `baseLr` and `minLr` and returns one
number. Each variant makes one mistake and stands on its own: its source and the imports of this
module are a submission. The doctests share the same schedules, so that the answers can be
compared at a glance.
"""

import math
from collections.abc import Callable


def _shown(schedule: Callable[..., float]) -> list[float]:
    """Return five rates of an ordinary schedule, and one after the end of a very short one."""
    rates = [schedule(step, 4, 10, 1.0, 0.25) for step in (0, 2, 6, 7, 13)]
    return [round(rate, 6) for rate in (*rates, schedule(7, 10, 6, 1.0, 0.25))]


def scale(step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float) -> float:  # noqa: ARG001 - as the reference
    """Return the size that rounding errors are measured by.

    Near an end at minLr = 0 a rate is a small difference of large numbers, and a right program
    may be off by a large share of it.

    >>> scale(7, 4, 8, 0.5, -0.25)
    0.75
    """
    return abs(baseLr) + abs(minLr)


def warmup_cosine(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Return the learning rate of a step; the first steps come from 0, the last stay at minLr.

    >>> _shown(warmup_cosine)
    [0.0, 0.5, 0.8125, 0.625, 0.25, 0.25]

    The example of the statement: 14 steps of a schedule.

    >>> rates = [warmup_cosine(step, 4, 12, 0.5, 0.1) for step in range(14)]
    >>> [round(rate, 6) for rate in rates[:4]]
    [0.0, 0.125, 0.25, 0.375]
    >>> [round(rate, 6) for rate in rates[4:9]]
    [0.5, 0.484776, 0.441421, 0.376537, 0.3]
    >>> [round(rate, 6) for rate in rates[9:]]
    [0.223463, 0.158579, 0.115224, 0.1, 0.1]

    Where the warm-up is longer than the whole, the end comes first.

    >>> warmup_cosine(3, 10, 6, 1.0, 0.25), warmup_cosine(6, 10, 6, 1.0, 0.25)
    (0.3, 0.25)
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def warmup_one_ahead(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Count the steps of the warm-up from 1.

    >>> _shown(warmup_one_ahead)
    [0.25, 0.75, 0.8125, 0.625, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * (step + 1) / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def warmup_from_min(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Start the warm-up at minLr.

    >>> _shown(warmup_from_min)
    [0.25, 0.625, 0.8125, 0.625, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return minLr + (baseLr - minLr) * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def warmup_first(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Ask for the warm-up before the end: the order of the rules is turned round.

    >>> _shown(warmup_first)
    [0.0, 0.5, 0.8125, 0.625, 0.25, 0.7]
    """
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    if step >= totalSteps:
        return minLr
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def warmup_not_subtracted(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Begin the cosine at step 0, although it lasts as long as it should.

    >>> _shown(warmup_not_subtracted)
    [0.0, 0.5, 0.25, 0.30024, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = step / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def decay_over_total(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Stretch the cosine over the whole instead of what is left after the warm-up.

    >>> _shown(decay_over_total)
    [0.0, 0.5, 0.928381, 0.845419, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / totalSteps
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def progress_of_whole(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Follow a cosine that knows of no warm-up.

    >>> _shown(progress_of_whole)
    [0.0, 0.5, 0.509119, 0.404581, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = step / totalSteps
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def ends_one_early(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Let the last step before the end have minLr already.

    >>> _shown(ends_one_early)
    [0.0, 0.5, 0.740881, 0.509119, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps - 1)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def linear(step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float) -> float:
    """Fall in a line.

    >>> _shown(linear)
    [0.0, 0.5, 0.75, 0.625, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 - progress)


def without_half(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Forget the factor 1/2.

    >>> _shown(without_half)
    [0.0, 0.5, 1.375, 1.0, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress))


def min_ignored(step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float) -> float:
    """Fall to 0 and only then jump to minLr.

    >>> _shown(min_ignored)
    [0.0, 0.5, 0.75, 0.5, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return baseLr * (1 + math.cos(math.pi * progress)) / 2


def min_on_top(step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float) -> float:
    """Add minLr to a cosine that starts at baseLr.

    >>> _shown(min_on_top)
    [0.0, 0.5, 1.0, 0.75, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + baseLr * (1 + math.cos(math.pi * progress)) / 2


def rising(step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float) -> float:
    """Begin the cosine at minLr and end it at baseLr.

    >>> _shown(rising)
    [0.0, 0.5, 0.4375, 0.625, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 - math.cos(math.pi * progress)) / 2


def sine(step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float) -> float:
    """Take the sine.

    >>> _shown(sine)
    [0.0, 0.5, 0.94976, 1.0, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.sin(math.pi * progress)) / 2


def degrees(step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float) -> float:
    """Give the cosine an angle in degrees.

    >>> _shown(degrees)
    [0.0, 0.5, 0.267845, 0.456972, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(180 * progress)) / 2


def quarter_wave(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Let the cosine fall to its zero instead of to its lowest point.

    >>> _shown(quarter_wave)
    [0.0, 0.5, 0.94976, 0.890165, 0.25, 0.25]
    """
    if step >= totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi / 2 * progress)) / 2


def no_end(step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float) -> float:
    """Let the cosine go on (and rise again) after the end.

    >>> _shown(no_end)
    [0.0, 0.5, 0.8125, 0.625, 0.625, 0.7]
    """
    if step == totalSteps:
        return minLr
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2


def zero_after_the_end(
    step: int, warmupSteps: int, totalSteps: int, baseLr: float, minLr: float
) -> float:
    """Return 0 after the end.

    >>> _shown(zero_after_the_end)
    [0.0, 0.5, 0.8125, 0.625, 0.0, 0.0]
    """
    if step >= totalSteps:
        return 0.0
    if step < warmupSteps:
        return baseLr * step / warmupSteps
    progress = (step - warmupSteps) / (totalSteps - warmupSteps)
    return minLr + (baseLr - minLr) * (1 + math.cos(math.pi * progress)) / 2
