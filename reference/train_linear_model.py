"""`trainLinearModel`: the reference, then what students write instead.

The model is y = weight*x + bias, trained by mini-batch gradient descent on the squared error:
in every epoch the samples are shuffled and cut into batches, and each batch moves both
parameters once, by the gradient that is averaged over the samples of that very batch:

    error           = weight*x + bias - y
    weight gradient = mean of 2*error*x
    bias gradient   = mean of 2*error

Every function takes `data` (a sequence of {"x": number, "y": number}), `lr`, `epochs` and
`batchSize`, returns {"weight": number, "bias": number} and changes nothing but the state of
`random`, from which the order comes. Each variant makes one mistake and stands on its own, so
that its source alone is a submission. The doctests share one input, on which a right program
arrives at the line y = 2*x + 1 within one epoch, whatever the order: in one batch with a
learning rate of 0.5, in batches of one with 0.25.
"""

import random
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Data: TypeAlias = Sequence[Mapping[str, float]]
Model: TypeAlias = dict[str, float]

_DATA: Data = ({"x": -1.0, "y": -1.0}, {"x": 1.0, "y": 3.0})


def train_linear_model(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Return weight and bias after `epochs` passes over the shuffled data, both from 0.

    >>> train_linear_model(_DATA, 0.5, 1, 2), train_linear_model(_DATA, 0.25, 1, 1)
    ({'weight': 2.0, 'bias': 1.0}, {'weight': 2.0, 'bias': 1.0})
    >>> train_linear_model([], 0.25, 2, 1), train_linear_model(_DATA, 0.25, 0, 1)
    ({'weight': 0.0, 'bias': 0.0}, {'weight': 0.0, 'bias': 0.0})
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def without_factor_two(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Forget the 2 that the square leaves behind.

    >>> without_factor_two(_DATA, 0.5, 1, 2)
    {'weight': 1.0, 'bias': 0.5}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += error * sample["x"]
                bias_gradient += error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def gradient_summed(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Add the gradients of a batch up and forget to average them.

    >>> gradient_summed(_DATA, 0.5, 1, 2)
    {'weight': 4.0, 'bias': 2.0}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient
            bias = bias - lr * bias_gradient
    return {"weight": weight, "bias": bias}


def divided_by_batch_size(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Divide by the size that was asked for, also where a batch holds fewer samples.

    >>> divided_by_batch_size(_DATA, 0.5, 1, 4)
    {'weight': 1.0, 'bias': 0.5}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / batchSize
            bias = bias - lr * bias_gradient / batchSize
    return {"weight": weight, "bias": bias}


def divided_by_data_length(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Divide each batch's gradient by the number of all samples.

    >>> divided_by_data_length(_DATA, 0.25, 1, 1)
    {'weight': 1.0, 'bias': 0.5}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(data)
            bias = bias - lr * bias_gradient / len(data)
    return {"weight": weight, "bias": bias}


def last_batch_dropped(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Leave out the last batch where it is smaller than the others.

    >>> last_batch_dropped(_DATA, 0.5, 1, 4)
    {'weight': 0.0, 'bias': 0.0}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled) - batchSize + 1, batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def bias_frozen(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Train the weight alone.

    >>> bias_frozen(_DATA, 0.5, 1, 2)
    {'weight': 2.0, 'bias': 0.0}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
            weight = weight - lr * weight_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def gradient_ascent(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Climb the loss: the sign of the gradient or of the step is turned round.

    >>> gradient_ascent(_DATA, 0.5, 2, 2)
    {'weight': -6.0, 'bias': -3.0}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight + lr * weight_gradient / len(batch)
            bias = bias + lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def target_added(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Add the target to the prediction instead of subtracting it.

    >>> target_added(_DATA, 0.5, 1, 2)
    {'weight': -2.0, 'bias': -1.0}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias + sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def weight_gradient_without_x(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Forget the inner derivative: d/dweight of weight*x is x.

    >>> weight_gradient_without_x(_DATA, 0.5, 1, 2)
    {'weight': 1.0, 'bias': 1.0}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def bias_gradient_with_x(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Multiply the bias's gradient by x, as if the bias were a weight.

    >>> bias_gradient_with_x(_DATA, 0.5, 1, 2)
    {'weight': 2.0, 'bias': 2.0}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error * sample["x"]
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def parameters_reset(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Forget what was learnt at the start of every epoch.

    >>> parameters_reset(_DATA, 0.25, 2, 2)
    {'weight': 1.0, 'bias': 0.5}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        weight = bias = 0.0
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def last_epoch_missing(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Stop one epoch early.

    >>> last_epoch_missing(_DATA, 0.5, 1, 2)
    {'weight': 0.0, 'bias': 0.0}
    """
    weight = bias = 0.0
    for _ in range(epochs - 1):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def one_epoch_too_many(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Count the epochs from 0 to `epochs`, both included.

    >>> one_epoch_too_many(_DATA, 0.5, 0, 2)
    {'weight': 2.0, 'bias': 1.0}
    """
    weight = bias = 0.0
    for _ in range(epochs + 1):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": weight, "bias": bias}


def answers_swapped(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Hand back each parameter under the other's name.

    >>> answers_swapped(_DATA, 0.5, 1, 2)
    {'weight': 1.0, 'bias': 2.0}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": bias, "bias": weight}


def rounded(data: Data, lr: float, epochs: int, batchSize: int) -> Model:
    """Round the answer to one digit.

    >>> rounded(_DATA, 0.25, 3, 2)
    {'weight': 1.8, 'bias': 0.9}
    """
    weight = bias = 0.0
    for _ in range(epochs):
        shuffled = list(data)
        random.shuffle(shuffled)
        for start in range(0, len(shuffled), batchSize):
            batch = shuffled[start : start + batchSize]
            weight_gradient = bias_gradient = 0.0
            for sample in batch:
                error = weight * sample["x"] + bias - sample["y"]
                weight_gradient += 2 * error * sample["x"]
                bias_gradient += 2 * error
            weight = weight - lr * weight_gradient / len(batch)
            bias = bias - lr * bias_gradient / len(batch)
    return {"weight": round(weight, 1), "bias": round(bias, 1)}
