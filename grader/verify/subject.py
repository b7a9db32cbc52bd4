"""A challenge under verification: its exam, its box, and programs of our own as submissions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from grader import dataset
from grader.catalog import Loaded
from grader.dataset import CaseData
from grader.exam import Exam, Question
from grader.form import Unlike, plain_form
from grader.judge import gather
from grader.known import Known
from grader.marking import Evidence, raw_verdicts
from grader.outcome import CaseRun
from grader.programs import source_of
from grader.sandbox.box import Box
from grader.spec import Challenge, Group, Grows, Limits, Raises
from grader.submission import Submission
from grader.verdict import Verdict

_MUTANTS_TIMES = 20
_LEAST_MUTANT_CPU_S = 0.05


class Rejection(NamedTuple):
    """A case that was not accepted; `tells` if the answer had at least the right form."""

    group: str
    hidden: bool
    tells: bool


@dataclass(frozen=True)
class Subject:
    """What all checks of one challenge share."""

    loaded: Loaded
    exam: Exam
    box: Box

    @property
    def challenge(self) -> Challenge:
        return self.loaded.challenge

    @property
    def known(self) -> Known:
        return self.exam.known

    def as_file(self, function: Callable[..., Any]) -> Submission:
        """Return one of our own functions as a student would hand it in."""
        return Submission("ours.py", source_of(function, self.challenge.id).encode())

    def hurried(self, slowest_s: float) -> "Subject":
        """Return the same with limits for mutants: one that is `slowest_s` late is dead."""
        cpu_s = max(_LEAST_MUTANT_CPU_S, _MUTANTS_TIMES * slowest_s)
        own = self.challenge.limits
        limits = Limits(
            cpu_case_s=min(own.cpu_case_s, cpu_s),
            cpu_s=min(own.cpu_s, 2 * cpu_s),
            wall_s=own.wall_s,
            memory_mb=own.memory_mb,
            result_bytes=own.result_bytes,
            print_bytes=own.print_bytes,
        )
        return self._within(limits)

    def at_leisure(self) -> "Subject":
        """Return the same with time enough to look around in the box."""
        return self._within(
            Limits(cpu_case_s=10, cpu_s=20, wall_s=60, memory_mb=self.challenge.limits.memory_mb)
        )

    def _within(self, limits: Limits) -> "Subject":
        challenge = self.challenge.model_copy(update={"limits": limits})
        loaded = replace(self.loaded, challenge=challenge)
        return Subject(loaded, Exam(loaded, self.exam.dataset, self.exam.secret), self.box)

    def rejections(self, submission: Submission) -> list["Rejection"]:
        """Return the questions that reject a submission, whatever their groups depend on."""
        return self.rejected(gather(submission, self.exam, self.box))

    def rejected(self, evidence: Evidence) -> list["Rejection"]:
        """Return the questions that reject what the box has returned, as `rejections` does."""
        verdicts = raw_verdicts(evidence, self.exam)
        return [
            Rejection(
                question.group.name,
                hidden=not question.is_visible,
                tells=_has_form(question, [evidence.run.cases[call] for call in question.calls]),
            )
            for question, verdict in zip(self.exam.questions, verdicts, strict=True)
            if verdict in _REJECTED
        ]

    def other_cases(self, count: int) -> list[tuple[Group, CaseData]]:
        """Return the cases that `count` other secrets would draw."""
        return [
            (group, case)
            for number in range(count)
            for group, data in zip(
                self.challenge.groups,
                dataset.build(self.challenge, b"another secret %d" % number).groups,
                strict=True,
            )
            if group.generate is not None
            for case in data.cases
        ]


_REJECTED = frozenset(Verdict) - {Verdict.ACCEPTED, Verdict.SKIPPED, Verdict.JUDGE_ERROR}


def _has_form(question: Question, runs: Sequence[CaseRun]) -> bool:
    """Tell whether the answers are ones that a right program might give to another input.

    A group that rejects only what has not even the right form tests nothing.
    """
    check = question.group.check
    if isinstance(check, Raises):
        return True
    if isinstance(check, Grows):
        return runs[0].verdict is None  # the smallest size at least was in time
    if any(run.verdict is not None for run in runs):
        return False
    try:
        wanted = (question.data.desired, *(call.desired for call in question.data.more))
        for run, desired in zip(runs, wanted, strict=True):
            plain_form(run.value, desired)
    except Unlike:
        return False
    return True
