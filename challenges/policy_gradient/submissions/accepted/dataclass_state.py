from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log


@dataclass(frozen=True)
class State:
    prefs: tuple[float, ...]
    baseline: float = 0.0


def log_sum_exp(values: tuple[float, ...]) -> float:
    top = max(values)
    return top + log(sum(exp(v - top) for v in values))


def update(state: State, action: int, reward: float, lr: float, rate: float) -> State:
    lse = log_sum_exp(state.prefs)
    advantage = reward - state.baseline
    prefs = tuple(
        h + lr * advantage * (int(i == action) - exp(h - lse)) for i, h in enumerate(state.prefs)
    )
    return replace(state, prefs=prefs, baseline=state.baseline + rate * advantage)


def policyGradient(preferences, actions, rewards, lr, baselineRate):
    state = State(tuple(preferences))
    for action, reward in zip(actions, rewards):
        state = update(state, action, reward, lr, baselineRate)
    return state.prefs
