"""Looks a wrong submission up among the known wrong programs, by what they answer. Pure."""

from collections.abc import Sequence
from typing import Any

from grader.agreement import agrees, flat
from grader.diagnosis import Judged
from grader.known import Family, Known, Program

_WIDER = 4.0
"""The first number alone is looked up this many tolerances wide; `agrees` then decides."""


class Matching:
    """A `diagnosis.Lookup` over the answers that `known` works out."""

    def __init__(self, known: Known, judged: Sequence[Judged]) -> None:
        self._known = known
        self._judged = judged

    def variants(self, calls: Sequence[int]) -> Sequence[Program]:
        return self._fits(Family.VARIANT, calls)

    def pairs(self, calls: Sequence[int]) -> Sequence[Program]:
        return self._fits(Family.PAIR, calls)

    def mutants(self, calls: Sequence[int]) -> Sequence[Program]:
        return self._fits(Family.MUTANT, calls)

    def _fits(self, family: Family, calls: Sequence[int]) -> list[Program]:
        probe = self._judged[calls[0]]
        near = self._known.near(family, calls[0], probe.actual, _width(probe))
        return [program for program in near if all(self._agrees(program, i) for i in calls)]

    def _agrees(self, program: Program, call: int) -> bool:
        case = self._judged[call]
        answer = self._known.answer(program, call)
        return agrees(case.actual, answer, case.scale, case.tolerance)


def _width(case: Judged) -> float:
    """Return how far an answer's first number may lie from the submission's and still agree."""
    sizes = [_largest(case.scale), _largest(case.actual)]
    return _WIDER * (case.tolerance.rtol * max(sizes) + case.tolerance.atol)


def _largest(value: Any) -> float:
    numbers = flat(value)
    return float(abs(numbers).max()) if numbers is not None and len(numbers) else 0.0
