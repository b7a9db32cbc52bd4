"""From what the box returned to a result: compare, score, explain. Pure; calls no box."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grader import explaining, runner, scoring
from grader.compare import compare
from grader.diagnosis import Diagnosis, Judged, diagnose
from grader.exam import Exam, Question
from grader.languages import SourceProblem
from grader.outcome import CaseRun
from grader.result import CaseResult, GroupResult, SandboxInfo, SubmissionResult
from grader.runner import Run
from grader.submission import Submission
from grader.verdict import Verdict, worst

_CHANGED_INPUTS = (
    "the call changed its arguments, which the statement forbids; work on a copy of the data"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that marking needs of a submission's run.

    `problem` says why the source was not worth running. `alone` holds cases that ran once more,
    each as the only call of a fresh process, by the question's index.
    """

    run: Run
    problem: SourceProblem | None = None
    alone: Mapping[int, CaseRun] = field(default_factory=dict)


class _Marked(NamedTuple):
    """One question's verdict with what it rests on."""

    verdict: Verdict
    message: str | None
    run: CaseRun


def mark(
    evidence: Evidence, submission: Submission, exam: Exam, sandbox: SandboxInfo
) -> SubmissionResult:
    """Return the result that the evidence amounts to."""
    sha256 = hashlib.sha256(submission.source).hexdigest()
    run_key = runner.run_key(
        sha256,
        exam.inputs_digest,
        submission.language,
        sandbox.versions,
        exam.settings,
        sandbox.tier,
    )
    pairs = zip(exam.questions, evidence.run.cases, strict=True)
    marked = [_mark_case(question, run, exam) for question, run in pairs]
    groups = _groups(marked, exam)
    return SubmissionResult(
        challenge=exam.challenge.id,
        challenge_digest=exam.loaded.digest,
        dataset_digest=exam.dataset.digest,
        submission=submission.name,
        language=submission.language,
        sha256=sha256,
        verdict=worst(group.verdict for group in groups),
        score=scoring.total([group.score for group in groups]),
        max_score=round(sum(group.max_score for group in groups), scoring.DIGITS),
        groups=groups,
        diagnosis=_diagnosis(evidence, marked, submission, exam),
        notes=explaining.notes(evidence.run, [entry.verdict for entry in marked], exam),
        sandbox=sandbox,
        cpu_s=evidence.run.cpu_s,
        wall_s=evidence.run.wall_s,
        run_key=run_key,
        judgement_key=judgement_key(run_key, exam.loaded.digest),
    )


def judgement_key(run_key: str, challenge_digest: str) -> str:
    """Name a judgement: what the box returned, and the challenge that it was held against."""
    return hashlib.sha256(f"{run_key} {challenge_digest}".encode()).hexdigest()


def suspect(result: SubmissionResult, evidence: Evidence, exam: Exam) -> int | None:
    """Return the question to run again alone: an unexplained failure that came after calls."""
    if result.verdict not in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR):
        return None
    if any(entry.kind == "misconception" for entry in result.diagnosis):
        return None
    for index in exam.order:
        run = evidence.run.cases[index]
        verdict = _mark_case(exam.questions[index], run, exam).verdict
        if run.calls_before and verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR):
            return index
    return None


def _mark_case(question: Question, run: CaseRun, exam: Exam) -> _Marked:
    data = question.data
    if run.verdict is not None:
        overflowed = run.raised is not None and run.raised.kind == "OverflowError"
        if overflowed and not data.finite:
            return _Marked(Verdict.ACCEPTED, None, run)
        return _Marked(run.verdict, run.message, run)
    tolerance = exam.challenge.tolerance
    mismatch = compare(run.value, data.desired, data.scale, tolerance, data.finite)
    if mismatch is not None:
        return _Marked(Verdict.WRONG_ANSWER, mismatch.detail, run)
    if question.group.inputs_unchanged and run.inputs_changed:
        return _Marked(Verdict.WRONG_ANSWER, _CHANGED_INPUTS, run)
    return _Marked(Verdict.ACCEPTED, None, run)


def _groups(marked: Sequence[_Marked], exam: Exam) -> tuple[GroupResult, ...]:
    groups = []
    for group, indices in exam.groups:
        verdicts = [marked[index].verdict for index in indices]
        shares = scoring.shares(group.points, len(indices))
        cases = tuple(
            _case(index, marked[index], share, exam)
            for index, share in zip(indices, shares, strict=True)
        )
        groups.append(
            GroupResult(
                name=group.name,
                title=group.title,
                visibility=group.visibility,
                score=scoring.group_score(group.points, verdicts, group.award),
                max_score=float(group.points),
                verdict=worst(verdicts),
                cases=cases,
            )
        )
    return tuple(groups)


def _case(index: int, marked: _Marked, share: float, exam: Exam) -> CaseResult:
    data = exam.questions[index].data
    return CaseResult(
        name=data.name,
        verdict=marked.verdict,
        score=scoring.case_score(marked.verdict, share),
        max_score=share,
        cpu_s=marked.run.cpu_s,
        message=marked.message,
        inputs=exam.inputs[index],
        desired=data.desired,
        actual=marked.run.value,
        prints=marked.run.prints or None,
    )


def _diagnosis(
    evidence: Evidence, marked: Sequence[_Marked], submission: Submission, exam: Exam
) -> tuple[Diagnosis, ...]:
    refused = explaining.refusal(evidence.problem, evidence.run, exam.challenge, submission)
    if refused is not None:
        return (refused,)
    if all(entry.verdict is Verdict.ACCEPTED for entry in marked):
        return ()
    judged = [_judged(q, entry) for q, entry in zip(exam.questions, marked, strict=True)]
    return diagnose(
        judged,
        exam.challenge.misconceptions,
        exam.variants,
        exam.challenge.tolerance,
        state_kept=_state_kept(evidence, exam),
    )


def _judged(question: Question, marked: _Marked) -> Judged:
    run = marked.run
    return Judged(
        desired=question.data.desired,
        scale=question.data.scale,
        decides=question.data.finite,
        answered=run.verdict is None,
        actual=run.value,
        printed=bool(run.prints),
        inputs_changed=question.group.inputs_unchanged and run.inputs_changed,
    )


def _state_kept(evidence: Evidence, exam: Exam) -> bool:
    """Whether a failure went away when its case ran alone."""
    return any(
        _mark_case(exam.questions[index], run, exam).verdict is Verdict.ACCEPTED
        for index, run in evidence.alone.items()
    )
