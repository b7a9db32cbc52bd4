"""One submission to one result: run in the box, then mark.

`judge` is a function of the source, the challenge's digest, the secret and the limits;
times aside, the same arguments give the same result. It has two halves with two keys: what
the box returned (`Evidence`), which knows no answer, and `marking.mark`, which knows the
answers and calls no box. Kept evidence can be marked again after a tolerance has changed.

A box that breaks gets one fresh start; what breaks it twice is a judge error and never a
mark. The faults of authors (a checker, a generator) leave as `GraderError`.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from grader import languages, runner
from grader.errors import SandboxError, TierUnavailable
from grader.exam import Exam
from grader.languages import SourceProblem
from grader.marking import Evidence, mark, suspect, unsettled
from grader.outcome import CaseRun
from grader.result import SandboxInfo, SubmissionResult
from grader.runner import Plan, Run
from grader.sandbox import wire
from grader.sandbox.box import Box, CellConfig
from grader.spec import Challenge, Limits
from grader.submission import Submission
from grader.verdict import Verdict


def cell_config(challenge: Challenge) -> CellConfig:
    """Return the config of the cells that a challenge's submissions run in."""
    return CellConfig(packages=challenge.packages, scratch_mb=challenge.scratch_mb)


def judge(submission: Submission, exam: Exam, box: Box) -> SubmissionResult:
    """Run `submission` on every question of `exam` in `box`, and mark it.

    Raises `TierUnavailable` where the box does not hold here at all, `AuthorError` where the
    challenge is at fault.
    """
    evidence = gather(submission, exam, box)
    sandbox = SandboxInfo(box.tier, box.layers, box.versions)
    result = mark(evidence, submission, exam, sandbox)
    index = suspect(result, evidence, exam)
    if index is None:
        return result
    calls = exam.questions[index].calls
    # A random case that passes alone once or twice may just have been lucky.
    times = 1 if exam.challenge.runs == 1 else 2 * exam.challenge.runs
    alone = tuple(
        _run(_plan(submission, exam, calls, attempt), box).cases for attempt in range(times)
    )
    return mark(replace(evidence, alone={index: alone}), submission, exam, sandbox)


def gather(submission: Submission, exam: Exam, box: Box) -> Evidence:
    """Return what there is to mark: what the box returned, or why there was nothing to run.

    Where one failure does not decide (a random challenge, a measured time), the questions that
    failed are asked again, each time with other random numbers.
    """
    problem = languages.by_name(submission.language).check_source(submission.source)
    if problem is not None:
        return Evidence(_refused(exam, problem), problem)
    evidence = Evidence(_run(_plan(submission, exam), box))
    attempt = 1
    while indices := unsettled(evidence, exam, attempt):
        evidence = _again(evidence, indices, attempt, submission, exam, box)
        attempt += 1
    return evidence


def _again(
    evidence: Evidence,
    indices: Sequence[int],
    attempt: int,
    submission: Submission,
    exam: Exam,
    box: Box,
) -> Evidence:
    """Ask the questions `indices` once more, in one run and in the exam's order.

    In a random challenge everything is asked again: what is kept between calls must not look
    like chance because a failing case came first this time.
    """
    asked = range(len(exam.questions)) if exam.challenge.runs > 1 else indices
    calls = [call for call in exam.order if exam.calls[call].question in asked]
    run = _run(_plan(submission, exam, calls, attempt), box)
    cases = dict(zip(calls, run.cases, strict=True))
    again = dict(evidence.again)
    for index in indices:
        runs = tuple(cases[call] for call in exam.questions[index].calls)
        again[index] = (*again.get(index, ()), runs)
    return replace(evidence, again=again)


def _plan(
    submission: Submission, exam: Exam, calls: Sequence[int] | None = None, attempt: int = 0
) -> Plan:
    """Plan a run of all calls in the exam's order, or of some in the order given."""
    plan = plan_of(submission, exam, exam.challenge.limits, attempt)
    if calls is None:
        return replace(plan, payloads=exam.payloads, order=exam.order)
    payloads = [exam.payloads[call] for call in calls]
    return replace(plan, payloads=payloads, order=range(len(calls)))


def plan_of(submission: Submission, exam: Exam, limits: Limits, attempt: int = 0) -> Plan:
    """Return the plan of a submission's processes, without any call yet."""
    challenge = exam.challenge
    return Plan(
        job=wire.encode_job(_job(submission, exam, attempt)),
        names=_entry_names(challenge.id),
        lines=1 + submission.source.count(b"\n") + submission.source.count(b"\r"),
        payloads=(),
        order=(),
        limits=limits,
        packages=challenge.packages,
        threads=challenge.threads,
        fresh_process_each=challenge.isolation == "case",
    )


def _job(submission: Submission, exam: Exam, attempt: int = 0) -> wire.Job:
    challenge = exam.challenge
    return wire.Job(
        source=submission.source,
        filename=PurePath(submission.name).name,
        names=_entry_names(challenge.id),
        parameters=challenge.parameters,
        seed=_seed(exam.secret, submission.source, attempt),
        print_bytes=challenge.limits.print_bytes,
        result_bytes=challenge.limits.result_bytes,
    )


def _entry_names(identifier: str) -> tuple[str, ...]:
    """Return the names that the function may have, the right one first.

    >>> _entry_names("sgdWithMomentum")
    ('sgdWithMomentum', 'sgd_with_momentum')
    """
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier).lower()
    return tuple(dict.fromkeys((identifier, snake)))


def _seed(secret: bytes, source: bytes, run_index: int = 0) -> bytes:
    """Seed what is random in a submission: the same in every run, and nobody's to choose."""
    message = b"seed\0%d\0" % run_index + hashlib.sha256(source).digest()
    return hmac.new(secret, message, hashlib.sha256).digest()


def _run(plan: Plan, box: Box) -> Run:
    """Run once, and once more if the box broke: the second time it is our fault, and said so."""
    try:
        return runner.run(plan, box)
    except TierUnavailable:
        raise
    except SandboxError:
        pass
    try:
        return runner.run(plan, box)
    except TierUnavailable:
        raise
    except SandboxError as error:
        return _broken(plan, error)


def _broken(plan: Plan, error: SandboxError) -> Run:
    case = CaseRun(Verdict.JUDGE_ERROR, f"the box broke twice while this ran: {error}")
    return Run((case,) * len(plan.payloads), None, None, 0.0, 0.0)


def _refused(exam: Exam, problem: SourceProblem) -> Run:
    case = CaseRun(Verdict.INVALID_SUBMISSION, str(problem))
    return Run((case,) * len(exam.calls), None, None, 0.0, 0.0)
