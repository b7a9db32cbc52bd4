"""The reverse pass over a tape: adjoints, and the sums of |adjoint * value| that scales are."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.tape import Tape


class Columns:
    """A tape in plain floats, which are faster than numpy scalars and do not wrap as ints."""

    def __init__(self, tape: Tape) -> None:
        self.values = list(map(float, tape.values))
        self.left = tape.left
        self.right = tape.right
        self.d_left = list(map(float, tape.d_left))
        self.d_right = list(map(float, tape.d_right))

    def sweep(self, outputs: Sequence[int]) -> Sequence[float]:
        """Return sum(|adjoint * value|) over all nodes, for each of the output nodes.

        An adjoint is a float where there is one output, else a row with one entry for each.
        """
        adjoints: list[Any] = [None] * len(self.values)
        seeds = [1.0] if len(outputs) == 1 else list(np.eye(len(outputs)))
        for node, seed in zip(outputs, seeds, strict=True):
            adjoints[node] = seed if adjoints[node] is None else adjoints[node] + seed
        total: Any = 0.0
        for node in range(len(adjoints) - 1, -1, -1):
            adjoint = adjoints[node]
            if adjoint is None:
                continue
            adjoints[node] = None
            if value := self.values[node]:
                total = total + abs(adjoint * value)
            if slope := self.d_left[node]:
                _add(adjoints, self.left[node], adjoint * slope)
            if slope := self.d_right[node]:
                _add(adjoints, self.right[node], adjoint * slope)
        return [total] if len(outputs) == 1 else np.broadcast_to(total, len(outputs)).tolist()


def _add(adjoints: list[Any], node: int, term: Any) -> None:
    so_far = adjoints[node]
    adjoints[node] = term if so_far is None else so_far + term
