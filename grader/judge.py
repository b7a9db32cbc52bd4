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
from collections.abc import Sequence
from dataclasses import replace

from grader import languages, runner
from grader.errors import SandboxError, TierUnavailable
from grader.exam import Exam, scaled
from grader.form import in_the_form_of
from grader.languages import Language, SourceProblem
from grader.marking import Evidence, lacks_attempts, mark, suspect, unsettled
from grader.outcome import CaseRun
from grader.result import SandboxInfo, SubmissionResult
from grader.runner import Plan, Run
from grader.sandbox import wire
from grader.sandbox.box import Box
from grader.spec import Challenge, Limits
from grader.submission import Submission, snake_case
from grader.verdict import Verdict


def judge(submission: Submission, exam: Exam, box: Box) -> SubmissionResult:
    """Run `submission` on every question of `exam` in `box`, and mark it.

    Raises `TierUnavailable` where the box does not hold here at all, `AuthorError` where the
    challenge is at fault.
    """
    return judge_again(submission, exam, box, None)[0]


def judge_again(
    submission: Submission, exam: Exam, box: Box, kept: Evidence | None
) -> tuple[SubmissionResult, Evidence]:
    """Mark what was kept of a submission's run, or else run it; return all that there is to keep.

    What was kept may lack an attempt that a changed challenge asks for: then it is run anew.
    """
    evidence = kept
    if evidence is None or lacks_attempts(evidence, exam):
        evidence = gather(submission, exam, box)
    language = languages.engine_of(submission.language, exam.challenge)
    versions = language.versions(*box.versions)
    sandbox = SandboxInfo(box.tier, box.layers, versions)
    result = mark(evidence, submission, exam, sandbox)
    index = suspect(result, evidence, exam)
    if index is None or index in evidence.alone:
        return result, evidence
    calls = exam.questions[index].calls
    # A random case that passes alone once or twice may just have been lucky.
    times = 1 if exam.challenge.runs == 1 else 2 * exam.challenge.runs
    alone = tuple(_ask(submission, exam, box, calls, attempt).cases for attempt in range(times))
    evidence = replace(evidence, alone={index: alone})
    return mark(evidence, submission, exam, sandbox), evidence


def gather(submission: Submission, exam: Exam, box: Box) -> Evidence:
    """Return what there is to mark: what the box returned, or why there was nothing to run.

    Where one failure does not decide (a random challenge, a measured time), the questions that
    failed are asked again, each time with other random numbers.
    """
    language = languages.engine_of(submission.language, exam.challenge)
    missing = language.missing_engine()
    if missing is not None:
        return Evidence(_not_run(exam, Verdict.JUDGE_ERROR, missing))
    problem = _not_offered(language, exam.challenge) or language.check_source(submission.source)
    if problem is not None:
        return Evidence(_not_run(exam, Verdict.INVALID_SUBMISSION, str(problem)), problem)
    evidence = Evidence(_ask(submission, exam, box))
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
    run = _ask(submission, exam, box, calls, attempt)
    cases = dict(zip(calls, run.cases, strict=True))
    again = dict(evidence.again)
    for index in indices:
        runs = tuple(cases[call] for call in exam.questions[index].calls)
        again[index] = (*again.get(index, ()), runs)
    return replace(evidence, again=again)


def _ask(
    submission: Submission,
    exam: Exam,
    box: Box,
    calls: Sequence[int] | None = None,
    attempt: int = 0,
) -> Run:
    """Run all calls in the exam's order, or some in the order given."""
    plan = plan_of(submission, exam, exam.challenge.limits, attempt)
    if calls is None:
        plan = replace(plan, payloads=exam.payloads, order=exam.order)
    else:
        payloads = [exam.payloads[call] for call in calls]
        plan = replace(plan, payloads=payloads, order=range(len(calls)))
    run = _run(plan, box)
    asked = range(len(exam.calls)) if calls is None else calls
    forms = [exam.calls[call].data.desired for call in asked]
    return replace(run, cases=in_the_forms_of(forms, run.cases, submission.language))


def in_the_forms_of(
    forms: Sequence[object], cases: Sequence[CaseRun], language: str
) -> tuple[CaseRun, ...]:
    """Return what came back with lists as tuples or arrays where `forms`, the answers', are those.

    So it is for a language that has lists alone; else what came back stays as it is.
    """
    if languages.by_name(language).has_arrays:
        return tuple(cases)
    return tuple(
        _in_the_form_of(form, case) if case.verdict is None else case
        for form, case in zip(forms, cases, strict=True)
    )


def _in_the_form_of(form: object, case: CaseRun) -> CaseRun:
    value = in_the_form_of(case.value, form)
    return case if value is case.value else case._replace(value=value)


def _not_offered(language: Language, challenge: Challenge) -> SourceProblem | None:
    if language.name in challenge.languages:
        return None
    return SourceProblem(
        "language",
        f"{challenge.id} is not offered in {language.title}",
        f"write it in {' or '.join(languages.by_name(each).title for each in challenge.languages)}",
    )


def plan_of(submission: Submission, exam: Exam, limits: Limits, attempt: int = 0) -> Plan:
    """Return the plan of a submission's processes, without any call yet.

    `limits` are Python's; another language has its own share of them.
    """
    challenge = exam.challenge
    language = languages.engine_of(submission.language, challenge)
    return Plan(
        job=language.job_of(_job(submission, exam, attempt)),
        names=_entry_names(challenge.id),
        lines=1 + submission.source.count(b"\n") + submission.source.count(b"\r"),
        payloads=(),
        order=(),
        limits=scaled(limits, language.cpu_factor),
        packages=challenge.packages,
        threads=challenge.threads,
        driver=language.driver,
        frame_of=language.frame_of,
        crash_is_memory=language.program() is not None,
        fresh_process_each=challenge.isolation == "case",
    )


def _job(submission: Submission, exam: Exam, attempt: int = 0) -> wire.Job:
    challenge = exam.challenge
    return wire.Job(
        source=submission.source,
        filename=languages.by_name(submission.language).file_name(submission.name),
        names=_entry_names(challenge.id),
        parameters=challenge.parameters,
        seed=_seed(exam.secret, submission.source, attempt),
        print_bytes=challenge.limits.print_bytes,
        result_bytes=challenge.limits.result_bytes,
        memory_mb=challenge.limits.memory_mb,
    )


def _entry_names(identifier: str) -> tuple[str, ...]:
    """Return the names that the function may have, the right one first.

    >>> _entry_names("sgdWithMomentum")
    ('sgdWithMomentum', 'sgd_with_momentum')
    """
    return tuple(dict.fromkeys((identifier, snake_case(identifier))))


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


def _not_run(exam: Exam, verdict: Verdict, message: str) -> Run:
    case = CaseRun(verdict, message)
    return Run((case,) * len(exam.calls), None, None, 0.0, 0.0)
