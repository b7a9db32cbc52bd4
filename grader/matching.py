"""Looks a wrong submission up among the known wrong programs, by what they answer. Pure.

Where outcomes are judged, answers agree within percents, and a program that is accepted may well
agree with one that is not. It explains nobody's rejection: a fit has to be rejected itself in one
of the calls that are.
"""

import math
from collections.abc import Sequence
from typing import Any

from grader.agreement import agrees, numbers_in
from grader.checking import accepts
from grader.diagnosis import Judged
from grader.exam import Exam
from grader.known import Family, Program
from grader.spec import Holds

_WIDER = 4.0
"""The first number alone is looked up this many tolerances wide; `agrees` then decides."""


class Matching:
    """A `diagnosis.Lookup` over the answers that the exam's `known` works out."""

    def __init__(self, exam: Exam, judged: Sequence[Judged]) -> None:
        self._exam = exam
        self._known = exam.known
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
        return [
            program
            for program in near
            if all(self._agrees(program, call) for call in calls)
            and any(self._is_rejected(program, call) for call in calls)
        ]

    def _agrees(self, program: Program, call: int) -> bool:
        case = self._judged[call]
        answer = self._known.answer(program, call)
        return agrees(case.actual, answer, case.scale, case.tolerance)

    def _is_rejected(self, program: Program, call: int) -> bool:
        """Tell whether a program fails where the submission does; elsewhere nobody asks."""
        case = self._judged[call]
        if not (case.wrong or case.aside):
            return False
        question = self._exam.questions[self._exam.calls[call].question]
        if not isinstance(question.group.check, Holds):
            return True
        answer = self._known.answer(program, call)
        return not accepts(self._exam.challenge, question.group, question.data, lambda _: answer)


def _width(case: Judged) -> float:
    """Return how far an answer's first number may lie from the submission's and still agree."""
    sizes = [_largest(case.scale), _largest(case.actual)]
    return _WIDER * (case.tolerance.rtol * max(sizes) + case.tolerance.atol)


def _largest(value: Any) -> float:
    sizes = (abs(number) for number in numbers_in(value))
    return max((size for size in sizes if math.isfinite(size)), default=0.0)
