import math
from collections.abc import Iterator, Sequence


def advantages(rewards: Sequence[float], rate: float) -> Iterator[float]:
    baseline = 0.0
    for reward in rewards:
        yield reward - baseline
        baseline += rate * (reward - baseline)


def softmax(values: Sequence[float]) -> list[float]:
    peak = max(values)
    exps = [math.exp(value - peak) for value in values]
    return [e / sum(exps) for e in exps]


def policyGradient(
    preferences: Sequence[float],
    actions: Sequence[int],
    rewards: Sequence[float],
    lr: float,
    baselineRate: float,
) -> list[float]:
    current = list(preferences)
    for action, advantage in zip(actions, advantages(rewards, baselineRate)):
        gradient = [-p for p in softmax(current)]
        gradient[action] += 1
        current = [h + lr * advantage * g for h, g in zip(current, gradient)]
    return current
