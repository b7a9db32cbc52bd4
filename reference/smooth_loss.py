"""`smoothLoss`: the reference, then what students write instead.

An exponential moving average starts at 0 and so lies too low at first. Dividing it by the sum
of the weights that it has given out so far, 1 - beta**t, takes that bias away (Kingma and Ba
2015, section 3):

    average = beta*average + (1 - beta)*loss
    out     = average / (1 - beta**t),   t = 1, 2, ...

Every function takes `losses` (a sequence of numbers) and `beta` (0 <= beta < 1), returns a list
and changes nothing. Each variant makes one mistake and stands on its own, so that its source
alone is a submission. The doctests share one input, so that the answers can be compared at a
glance.
"""

from collections.abc import Sequence

_LOSSES = (8.0, 2.0, 6.0)


def _shown(values: Sequence[float]) -> list[float]:
    """Return the values to four decimals, for the doctests."""
    return [round(value, 4) for value in values]


def smooth_loss(losses: Sequence[float], beta: float) -> list[float]:
    """Return the moving average of `losses` at each step, without the bias of its start at 0.

    >>> _shown(smooth_loss(_LOSSES, 0.5))
    [8.0, 4.0, 5.1429]
    >>> smooth_loss([], 0.9), smooth_loss([3.0, 1.0], 0.0)
    ([], [3.0, 1.0])

    The statement's example:

    >>> [round(value, 6) for value in smooth_loss([5, 3, 4, 1], 0.9)]
    [5.0, 3.947368, 3.96679, 3.1041]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = beta * average + (1 - beta) * loss
        smoothed.append(average / (1 - beta**t))
    return smoothed


def without_correction(losses: Sequence[float], beta: float) -> list[float]:
    """Return the bare average, which starts too low.

    >>> _shown(without_correction(_LOSSES, 0.5))
    [4.0, 3.0, 4.5]
    """
    smoothed = []
    average = 0.0
    for loss in losses:
        average = beta * average + (1 - beta) * loss
        smoothed.append(average)
    return smoothed


def first_loss_as_start(losses: Sequence[float], beta: float) -> list[float]:
    """Start at the first loss instead of correcting the start at 0.

    >>> _shown(first_loss_as_start(_LOSSES, 0.5))
    [8.0, 5.0, 5.5]
    """
    smoothed = []
    average = losses[0] if losses else 0.0
    for loss in losses:
        average = beta * average + (1 - beta) * loss
        smoothed.append(average)
    return smoothed


def weights_swapped(losses: Sequence[float], beta: float) -> list[float]:
    """Give the new loss the weight of the old average, and the other way round.

    >>> _shown(weights_swapped(_LOSSES, 0.75))
    [24.0, 6.8571, 9.0811]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = (1 - beta) * average + beta * loss
        smoothed.append(average / (1 - beta**t))
    return smoothed


def beta_for_the_new_loss(losses: Sequence[float], beta: float) -> list[float]:
    """Take beta for the weight of the new loss everywhere, in the correction as well.

    >>> _shown(beta_for_the_new_loss(_LOSSES, 0.75))
    [8.0, 3.2, 5.3333]
    """
    smoothed = []
    average = weight = 0.0
    for loss in losses:
        average = (1 - beta) * average + loss
        weight = (1 - beta) * weight + 1
        smoothed.append(average / weight)
    return smoothed


def new_loss_in_full(losses: Sequence[float], beta: float) -> list[float]:
    """Forget the weight of the new loss.

    >>> _shown(new_loss_in_full(_LOSSES, 0.5))
    [16.0, 8.0, 10.2857]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = beta * average + loss
        smoothed.append(average / (1 - beta**t))
    return smoothed


def exponent_ahead(losses: Sequence[float], beta: float) -> list[float]:
    """Correct with the exponent of the next step.

    >>> _shown(exponent_ahead(_LOSSES, 0.5))
    [5.3333, 3.4286, 4.8]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = beta * average + (1 - beta) * loss
        smoothed.append(average / (1 - beta ** (t + 1)))
    return smoothed


def exponent_behind(losses: Sequence[float], beta: float) -> list[float]:
    """Correct with the exponent of the step before, but for the first, where that divides by 0.

    >>> _shown(exponent_behind(_LOSSES, 0.5))
    [8.0, 6.0, 6.0]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = beta * average + (1 - beta) * loss
        smoothed.append(average / (1 - beta ** max(t - 1, 1)))
    return smoothed


def exponent_missing(losses: Sequence[float], beta: float) -> list[float]:
    """Divide by 1 - beta at every step: that is right at the first one only.

    >>> _shown(exponent_missing(_LOSSES, 0.5))
    [8.0, 6.0, 9.0]
    """
    smoothed = []
    average = 0.0
    for loss in losses:
        average = beta * average + (1 - beta) * loss
        smoothed.append(average / (1 - beta))
    return smoothed


def corrected_by_length(losses: Sequence[float], beta: float) -> list[float]:
    """Correct every step with the exponent of the last.

    >>> _shown(corrected_by_length(_LOSSES, 0.5))
    [4.5714, 3.4286, 5.1429]
    """
    smoothed = []
    average = 0.0
    for loss in losses:
        average = beta * average + (1 - beta) * loss
        smoothed.append(average / (1 - beta ** len(losses)))
    return smoothed


def correction_fed_back(losses: Sequence[float], beta: float) -> list[float]:
    """Keep the corrected value as the average that the next step goes on from.

    >>> _shown(correction_fed_back(_LOSSES, 0.5))
    [8.0, 6.6667, 7.2381]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = (beta * average + (1 - beta) * loss) / (1 - beta**t)
        smoothed.append(average)
    return smoothed


def correction_multiplied(losses: Sequence[float], beta: float) -> list[float]:
    """Multiply by the correction, which makes what is too low lower still.

    >>> _shown(correction_multiplied(_LOSSES, 0.5))
    [2.0, 2.25, 3.9375]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = beta * average + (1 - beta) * loss
        smoothed.append(average * (1 - beta**t))
    return smoothed


def output_before_update(losses: Sequence[float], beta: float) -> list[float]:
    """Hand out the average before the loss of the step is in it.

    >>> _shown(output_before_update(_LOSSES, 0.5))
    [0.0, 5.3333, 3.4286]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        smoothed.append(average / (1 - beta**t))
        average = beta * average + (1 - beta) * loss
    return smoothed


def squares_averaged(losses: Sequence[float], beta: float) -> list[float]:
    """Average the squares, as Adam's second moment does.

    >>> _shown(squares_averaged(_LOSSES, 0.5))
    [64.0, 24.0, 30.8571]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = beta * average + (1 - beta) * loss**2
        smoothed.append(average / (1 - beta**t))
    return smoothed


def running_mean(losses: Sequence[float], beta: float) -> list[float]:  # noqa: ARG001 - the mistake itself
    """Take the plain mean of all losses so far.

    >>> _shown(running_mean(_LOSSES, 0.5))
    [8.0, 5.0, 5.3333]
    """
    smoothed = []
    total = 0.0
    for t, loss in enumerate(losses, start=1):
        total = total + loss
        smoothed.append(total / t)
    return smoothed


def window_mean(losses: Sequence[float], beta: float) -> list[float]:
    """Take the plain mean of the last 1/(1 - beta) losses, which beta is said to amount to.

    >>> _shown(window_mean(_LOSSES, 0.5))
    [8.0, 5.0, 4.0]
    """
    smoothed = []
    window = round(1 / (1 - beta))
    for t in range(1, len(losses) + 1):
        recent = losses[max(t - window, 0) : t]
        smoothed.append(sum(recent) / len(recent))
    return smoothed


def last_value_only(losses: Sequence[float], beta: float) -> float:
    """Return where the curve ends instead of the curve.

    >>> last_value_only(_LOSSES[:2], 0.5)
    4.0
    """
    smoothed = [0.0]
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = beta * average + (1 - beta) * loss
        smoothed.append(average / (1 - beta**t))
    return smoothed[-1]


def rounded(losses: Sequence[float], beta: float) -> list[float]:
    """Round every value to 3 digits.

    >>> rounded(_LOSSES, 0.5)
    [8.0, 4.0, 5.143]
    """
    smoothed = []
    average = 0.0
    for t, loss in enumerate(losses, start=1):
        average = beta * average + (1 - beta) * loss
        smoothed.append(round(average / (1 - beta**t), 3))
    return smoothed
