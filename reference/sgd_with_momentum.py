"""`sgdWithMomentum`: the reference, then what students write instead.

The model is y = w*x, the loss the squared error of one sample at a time, and the momentum
the form of Sutskever et al. 2013 that leaves the learning rate outside the velocity:

    gradient = d/dw (w*x - y)**2 = 2*(w*x - y)*x
    velocity = beta*velocity + gradient
    w        = w - lr*velocity

Every function takes `data` (a sequence of {"x": number, "y": number}), `lr`, `beta` and
`epochs`, returns one number and changes nothing. Each variant makes one mistake and stands
on its own, so that its source alone is a submission. The doctests share one input, so that
the answers can be compared at a glance.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Data: TypeAlias = Sequence[Mapping[str, float]]

_DATA: Data = ({"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 5.0}, {"x": -1.0, "y": -1.0})


def sgd_with_momentum(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Return w after `epochs` passes over `data` in the given order, from w = velocity = 0.

    >>> round(sgd_with_momentum(_DATA, 0.0625, 0.75, 2), 6)
    3.113068
    >>> sgd_with_momentum([], 0.1, 0.9, 5), sgd_with_momentum(_DATA, 0.1, 0.9, 0)
    (0.0, 0.0)
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def without_factor_two(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Forget the 2 that the square leaves behind.

    >>> round(without_factor_two(_DATA, 0.0625, 0.75, 2), 6)
    2.586037
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def gradient_without_x(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Forget the inner derivative: d/dw of w*x is x.

    >>> round(gradient_without_x(_DATA, 0.0625, 0.75, 2), 6)
    3.055176
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y)
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def target_added(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Add the target to the prediction instead of subtracting it.

    >>> round(target_added(_DATA, 0.0625, 0.75, 2), 6)
    -3.113068
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x + y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def gradient_ascent(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Climb the loss: the sign of the gradient or of the step is turned round.

    >>> round(gradient_ascent(_DATA, 0.0625, 0.75, 2), 6)
    -15.626068
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w + lr * velocity
    return w


def momentum_ignored(data: Data, lr: float, beta: float, epochs: int) -> float:  # noqa: ARG001 - the mistake itself
    """Run plain SGD: nothing of the velocity is carried over.

    >>> round(momentum_ignored(_DATA, 0.0625, 0.75, 2), 6)
    1.836548
    """
    w = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            w = w - lr * 2 * (w * x - y) * x
    return w


def momentum_subtracted(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Let the old velocity work against the gradient.

    >>> round(momentum_subtracted(_DATA, 0.0625, 0.75, 2), 6)
    1.185699
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = gradient - beta * velocity
            w = w - lr * velocity
    return w


def ema_velocity(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Average the gradients (as Adam does) instead of accumulating them.

    >>> round(ema_velocity(_DATA, 0.0625, 0.75, 2), 6)
    1.608421
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + (1 - beta) * gradient
            w = w - lr * velocity
    return w


def dampened_velocity(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Start at the first gradient and average from then on.

    >>> round(dampened_velocity(_DATA, 0.0625, 0.75, 2), 6)
    1.992834
    """
    w = velocity = dampening = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + (1 - dampening) * gradient
            w = w - lr * velocity
            dampening = beta
    return w


def nesterov_lookahead(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Take the gradient where the velocity alone would carry w.

    >>> round(nesterov_lookahead(_DATA, 0.0625, 0.75, 2), 6)
    2.595349
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * ((w - lr * beta * velocity) * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def nesterov_step(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Step by gradient + beta*velocity, as libraries do when Nesterov is switched on.

    >>> round(nesterov_step(_DATA, 0.0625, 0.75, 2), 6)
    2.473637
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * (gradient + beta * velocity)
    return w


def learning_rate_twice(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Put the learning rate into the velocity and into the step.

    >>> round(learning_rate_twice(_DATA, 0.0625, 0.75, 2), 6)
    0.468276
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + lr * gradient
            w = w - lr * velocity
    return w


def weight_before_velocity(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Move w with the velocity of the step before.

    >>> round(weight_before_velocity(_DATA, 0.0625, 0.75, 2), 6)
    4.286133
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            w = w - lr * velocity
            velocity = beta * velocity + gradient
    return w


def velocity_reset_each_epoch(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Stop dead at the start of every epoch.

    >>> round(velocity_reset_each_epoch(_DATA, 0.0625, 0.75, 2), 6)
    2.234711
    """
    w = 0.0
    for _ in range(epochs):
        velocity = 0.0
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def weight_reset_each_epoch(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Forget what was learnt at the start of every epoch, but keep the velocity.

    >>> round(weight_reset_each_epoch(_DATA, 0.0625, 0.75, 2), 6)
    3.354919
    """
    w = velocity = 0.0
    for _ in range(epochs):
        w = 0.0
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def full_batch_mean(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Update once per epoch, with the mean gradient of all samples.

    >>> round(full_batch_mean(_DATA, 0.0625, 0.75, 2), 6)
    1.354167
    """
    w = velocity = 0.0
    for _ in range(epochs):
        if data:
            gradients = [2 * (w * sample["x"] - sample["y"]) * sample["x"] for sample in data]
            velocity = beta * velocity + sum(gradients) / len(data)
            w = w - lr * velocity
    return w


def full_batch_sum(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Update once per epoch, with the sum of the gradients of all samples.

    >>> round(full_batch_sum(_DATA, 0.0625, 0.75, 2), 6)
    3.25
    """
    w = velocity = 0.0
    for _ in range(epochs):
        gradients = [2 * (w * sample["x"] - sample["y"]) * sample["x"] for sample in data]
        velocity = beta * velocity + sum(gradients)
        w = w - lr * velocity
    return w


def gradient_over_count(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Divide each sample's gradient by the number of samples, as if it were a batch's.

    >>> round(gradient_over_count(_DATA, 0.0625, 0.75, 2), 6)
    1.998217
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x / len(data)
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def bias_trained(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Train y = w*x + b, as the lesson's example does, and return w.

    >>> round(bias_trained(_DATA, 0.0625, 0.75, 2), 6)
    2.48822
    """
    w = bias = velocity = bias_velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            error = w * x + bias - y
            velocity = beta * velocity + 2 * error * x
            bias_velocity = beta * bias_velocity + 2 * error
            w = w - lr * velocity
            bias = bias - lr * bias_velocity
    return w


def last_epoch_missing(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Count the epochs from 1 and stop before the last.

    >>> round(last_epoch_missing(_DATA, 0.0625, 0.75, 2), 6)
    2.476562
    """
    w = velocity = 0.0
    for _ in range(1, epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def one_epoch_too_many(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Count the epochs from 0 to `epochs`, both included.

    >>> round(one_epoch_too_many(_DATA, 0.0625, 0.75, 2), 6)
    2.021027
    """
    w = velocity = 0.0
    for _ in range(epochs + 1):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def single_epoch(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Return at the end of the first epoch.

    >>> round(single_epoch(_DATA, 0.0625, 0.75, 2), 6)
    2.476562
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
        return w
    return w


def single_step(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Return after the first sample.

    >>> round(single_step(_DATA, 0.0625, 0.75, 2), 6)
    0.25
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            return w - lr * velocity
    return w


def last_sample_skipped(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Stop one sample short in every epoch.

    >>> round(last_sample_skipped(_DATA, 0.0625, 0.75, 2), 6)
    3.330078
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for i in range(len(data) - 1):
            x, y = data[i]["x"], data[i]["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def first_sample_skipped(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Start at the second sample in every epoch.

    >>> round(first_sample_skipped(_DATA, 0.0625, 0.75, 2), 6)
    3.395508
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for i in range(1, len(data)):
            x, y = data[i]["x"], data[i]["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return w


def velocity_returned(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Return the velocity in place of w.

    >>> round(velocity_returned(_DATA, 0.0625, 0.75, 2), 6)
    2.522949
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return velocity


def rounded(data: Data, lr: float, beta: float, epochs: int) -> float:
    """Round the answer to 3 digits, as the lesson's example does.

    >>> round(rounded(_DATA, 0.0625, 0.75, 2), 6)
    3.113
    """
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = 2 * (w * x - y) * x
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return round(w, 3)
