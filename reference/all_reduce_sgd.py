"""`allReduceSGD`: the reference, then what students write instead.

Data-parallel training of y = w*x: the points lie in shards, one for each worker, and all workers
hold the same w. In every step

    gradient of a worker = mean of d/dw (w*x - y)**2 = mean of 2*(w*x - y)*x over its shard
    reduced              = mean of the workers' gradients, weighted by the sizes of their shards
    w                    = w - lr*reduced, on every replica

so that the result is that of one worker who holds all the points. Every function takes `shards`
(a sequence of shards, each a sequence of {"x": number, "y": number}), `w`, `lr` and `steps`,
returns one number and changes nothing. Each variant makes one mistake and stands on its own, so
that its source alone is a submission. The doctests share one input, so that the answers can be
compared at a glance.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Shards: TypeAlias = Sequence[Sequence[Mapping[str, float]]]

_SHARDS: Shards = (
    ({"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 5.0}, {"x": -1.0, "y": -1.0}),
    ({"x": 2.0, "y": -1.0},),
    (),
)


def all_reduce_sgd(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Return w after `steps` steps, each along the mean gradient weighted by shard size.

    The statement's example, step by step; then no data at all, and no steps:

    >>> long, short, _ = _SHARDS
    >>> [round(all_reduce_sgd([long, short], 0.5, 0.1, steps), 6) for steps in (1, 2, 3)]
    [0.8, 0.95, 1.025]
    >>> all_reduce_sgd([[], []], 0.5, 0.1, 2), all_reduce_sgd(_SHARDS, 0.5, 0.1, 0)
    (0.5, 0.5)

    The input of the other doctests has an empty shard, which changes nothing:

    >>> round(all_reduce_sgd(_SHARDS, 0.5, 0.1, 3), 6)
    1.025
    """
    total = sum(len(shard) for shard in shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def unweighted_mean(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Average over the workers that have data as if their shards were of one size.

    >>> round(unweighted_mean(_SHARDS, 0.5, 0.1, 3), 6)
    0.396
    """
    total = sum(1 for shard in shards if shard)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient / total
        w = w - lr * reduced
    return w


def empty_shards_counted(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Divide by the number of workers, those without data included.

    >>> round(empty_shards_counted(_SHARDS, 0.5, 0.1, 3), 6)
    0.412889
    """
    total = len(shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient / total
        w = w - lr * reduced
    return w


def gradients_summed(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Add the workers' gradients up, as a plain all-reduce does, and never divide.

    >>> round(gradients_summed(_SHARDS, 0.5, 0.1, 3), 6)
    0.388
    """
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient
        w = w - lr * reduced
    return w


def weighted_over_workers(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Weight by the sizes, but divide by the number of workers instead of the sizes' sum.

    >>> round(weighted_over_workers(_SHARDS, 0.5, 0.1, 3), 6)
    1.077778
    """
    total = len(shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def summed_within_shards(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Add the gradients within each shard up instead of averaging them, then weight the sums.

    >>> round(summed_within_shards(_SHARDS, 0.5, 0.1, 3), 6)
    1.683
    """
    total = sum(len(shard) for shard in shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def without_factor_two(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Forget the 2 that the square leaves behind.

    >>> round(without_factor_two(_SHARDS, 0.5, 0.1, 3), 6)
    0.846875
    """
    total = sum(len(shard) for shard in shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [(w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def gradient_without_x(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Forget the inner derivative: d/dw of w*x is x.

    >>> round(gradient_without_x(_SHARDS, 0.5, 0.1, 3), 6)
    0.866
    """
    total = sum(len(shard) for shard in shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def gradient_ascent(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Climb the loss: the step has the wrong sign.

    >>> round(gradient_ascent(_SHARDS, 0.5, 0.1, 3), 6)
    -0.925
    """
    total = sum(len(shard) for shard in shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w + lr * reduced
    return w


def local_training(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Let every worker train by itself and average the weights once, at the end.

    >>> round(local_training(_SHARDS, 0.5, 0.1, 3), 6)
    1.232
    """
    total = sum(len(shard) for shard in shards)
    moved = 0.0
    for shard in shards:
        if shard:
            local = w
            for _ in range(steps):
                slopes = [2 * (local * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                local = local - lr * gradient
            moved = moved + (local - w) * len(shard) / total
    return w + moved


def workers_in_turn(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Let one worker after the other take a whole step, each from where the last one stopped.

    >>> round(workers_in_turn(_SHARDS, 0.5, 0.1, 3), 6)
    -0.256267
    """
    for _ in range(steps):
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                w = w - lr * gradient
    return w


def shares_in_turn(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Apply each worker's weighted share at once, so that the next one sees another w.

    >>> round(shares_in_turn(_SHARDS, 0.5, 0.1, 3), 6)
    0.87472
    """
    total = sum(len(shard) for shard in shards)
    for _ in range(steps):
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                w = w - lr * gradient * len(shard) / total
    return w


def first_worker_only(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Use the gradient of the first worker and never ask the others.

    >>> round(first_worker_only(_SHARDS, 0.5, 0.1, 3), 6)
    1.806667
    """
    total = sum(len(shard) for shard in shards[:1])
    for _ in range(steps):
        reduced = 0.0
        for shard in shards[:1]:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def last_worker_only(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Overwrite what is collected with each worker's gradient, so that the last one stays.

    >>> round(last_worker_only(_SHARDS, 0.5, 0.1, 3), 6)
    -0.492
    """
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = gradient
        w = w - lr * reduced
    return w


def stale_gradients(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Take every step's gradients at the w of the start.

    >>> round(stale_gradients(_SHARDS, 0.5, 0.1, 3), 6)
    1.4
    """
    total = sum(len(shard) for shard in shards)
    start = w
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (start * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def starts_from_zero(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Start at 0 instead of the weight that was given.

    >>> round(starts_from_zero(_SHARDS, 0.5, 0.1, 3), 6)
    0.9625
    """
    w = 0.0
    total = sum(len(shard) for shard in shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def last_step_missing(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Count the steps from 1 and stop before the last.

    >>> round(last_step_missing(_SHARDS, 0.5, 0.1, 3), 6)
    0.95
    """
    total = sum(len(shard) for shard in shards)
    for _ in range(1, steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
    return w


def single_step(shards: Shards, w: float, lr: float, steps: int) -> float:
    """Return at the end of the first step.

    >>> round(single_step(_SHARDS, 0.5, 0.1, 3), 6)
    0.8
    """
    total = sum(len(shard) for shard in shards)
    for _ in range(steps):
        reduced = 0.0
        for shard in shards:
            if shard:
                slopes = [2 * (w * point["x"] - point["y"]) * point["x"] for point in shard]
                gradient = sum(slopes) / len(shard)
                reduced = reduced + gradient * len(shard) / total
        w = w - lr * reduced
        return w
    return w
