"""From what the box returned to a result: compare, score, explain. Pure; calls no box."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grader import checking, explaining, languages, runner, scoring
from grader.diagnosis import Diagnosis, Judged, diagnose
from grader.exam import Exam, Question, attempts
from grader.languages import Language, SourceProblem
from grader.outcome import CaseRun
from grader.result import CaseResult, GroupResult, SandboxInfo, SubmissionResult
from grader.runner import Run
from grader.scale import Raising
from grader.spec import Check, Grows, Matches, Raises
from grader.submission import Submission
from grader.verdict import Verdict, worst

_CHANGED_INPUTS = (
    "the call changed its arguments, which the statement forbids; work on a copy of the data"
)
_WORTH_AGAIN = (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)

Runs = tuple[CaseRun, ...]
"""What came back for the calls of one question, in their order."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that marking needs of a submission's run.

    `problem` says why the source was not worth running. `alone` holds questions that ran once
    more, each as the only one of a fresh process, by their index. `again` holds the further
    attempts at a question where one failure does not decide.
    """

    run: Run
    problem: SourceProblem | None = None
    alone: Mapping[int, tuple[Runs, ...]] = field(default_factory=dict)
    again: Mapping[int, tuple[Runs, ...]] = field(default_factory=dict)


class _Marked(NamedTuple):
    """One question's verdict with what it rests on.

    `rejected`: for what came back, whatever became of its group and of its inputs. `flaky`: it
    failed, and then it passed.
    """

    verdict: Verdict
    message: str | None
    runs: Runs
    rejected: bool = False
    flaky: bool = False

    @property
    def run(self) -> CaseRun:
        """The call that a report shows: the first that did not come back, or the first of all."""
        return next((run for run in self.runs if run.verdict is not None), self.runs[0])


def mark(
    evidence: Evidence, submission: Submission, exam: Exam, sandbox: SandboxInfo
) -> SubmissionResult:
    """Return the result that the evidence amounts to."""
    sha256 = hashlib.sha256(submission.source).hexdigest()
    run_key = runner.run_key(
        sha256,
        exam.inputs_digest,
        languages.by_name(submission.language).file_name(submission.name),
        sandbox.versions,
        exam.settings,
        sandbox.tier,
    )
    language = languages.by_name(submission.language)
    marked = _skipped(_mark_all(evidence, exam), exam)
    groups = _groups([_in_words_of(language, entry) for entry in marked], exam)
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
        notes=explaining.notes(
            evidence.run,
            [entry.verdict for entry in marked],
            [entry.flaky for entry in marked],
            submission,
            exam,
        ),
        sandbox=sandbox,
        cpu_s=evidence.run.cpu_s,
        wall_s=evidence.run.wall_s,
        run_key=run_key,
        judgement_key=judgement_key(run_key, exam.loaded.digest),
    )


def _in_words_of(language: Language, marked: _Marked) -> _Marked:
    """Let our own sentence on a wrong value use the language's words."""
    if marked.verdict is not Verdict.WRONG_ANSWER or marked.message is None:
        return marked
    return marked._replace(message=language.said(marked.message))


def judgement_key(run_key: str, challenge_digest: str) -> str:
    """Name a judgement: what the box returned, and the challenge that it was held against."""
    return hashlib.sha256(f"{run_key} {challenge_digest}".encode()).hexdigest()


def suspect(result: SubmissionResult, evidence: Evidence, exam: Exam) -> int | None:
    """Return the question to run again alone: an unexplained failure that came after calls."""
    if result.verdict not in _WORTH_AGAIN:
        return None
    if any(entry.kind == "misconception" for entry in result.diagnosis):
        return None
    for index in dict.fromkeys(exam.calls[call].question for call in exam.order):
        runs = _runs_of(exam.questions[index], evidence.run)
        verdict = _mark_case(exam.questions[index], runs, exam).verdict
        if runs[0].calls_before and verdict in _WORTH_AGAIN:
            return index
    return None


def unsettled(evidence: Evidence, exam: Exam, attempt: int) -> list[int]:
    """Return the questions to try again: failed so far, where one failure does not decide."""
    if attempt >= exam.most_attempts or evidence.run.invalid is not None:
        return []
    return [
        index
        for index, question in enumerate(exam.questions)
        if attempt < attempts(question.group, exam.challenge) and _fails(index, evidence, exam)
    ]


def lacks_attempts(evidence: Evidence, exam: Exam) -> bool:
    """Tell whether evidence that was kept has too few attempts for the challenge as it is now."""
    made = {index: len(evidence.again.get(index, ())) for index in range(len(exam.questions))}
    return any(
        made[index] == count
        for count in set(made.values())
        for index in unsettled(evidence, exam, count + 1)
    )


def _fails(index: int, evidence: Evidence, exam: Exam) -> bool:
    """Tell whether every attempt so far failed, and another could change that."""
    question = exam.questions[index]
    marked = _mark_question(index, evidence, exam)
    slow = isinstance(question.group.check, Grows) and all(
        run.verdict is None for run in marked.runs
    )
    return marked.verdict in _WORTH_AGAIN or (slow and marked.verdict is not Verdict.ACCEPTED)


def raw_verdicts(evidence: Evidence, exam: Exam) -> list[Verdict]:
    """Return each question's verdict, whatever its group depends on."""
    return [marked.verdict for marked in _mark_all(evidence, exam)]


def _mark_all(evidence: Evidence, exam: Exam) -> list[_Marked]:
    return [_mark_question(index, evidence, exam) for index in range(len(exam.questions))]


def _mark_question(index: int, evidence: Evidence, exam: Exam) -> _Marked:
    """Mark a question by its first attempt, or by the first one that is accepted."""
    question = exam.questions[index]
    first = _mark_case(question, _runs_of(question, evidence.run), exam)
    if first.verdict is Verdict.ACCEPTED:
        return first
    again = [_mark_case(question, runs, exam) for runs in evidence.again.get(index, ())]
    for later in again:
        if later.verdict is Verdict.ACCEPTED:
            return later._replace(flaky=not isinstance(question.group.check, Grows))
    # A box that broke in a later attempt has taken a chance away: that costs no points.
    return next((later for later in again if later.verdict is Verdict.JUDGE_ERROR), first)


def _runs_of(question: Question, run: Run) -> Runs:
    return tuple(run.cases[call] for call in question.calls)


def _mark_case(question: Question, runs: Runs, exam: Exam) -> _Marked:
    found = checking.judge_case(exam.challenge, question.group, question.data, runs)
    changed = question.group.inputs_unchanged and any(run.inputs_changed for run in runs)
    if changed and found.verdict is Verdict.ACCEPTED:
        return _Marked(Verdict.WRONG_ANSWER, _CHANGED_INPUTS, runs)
    rejected = found.verdict is Verdict.WRONG_ANSWER
    return _Marked(found.verdict, found.message, runs, rejected)


def _skipped(marked: Sequence[_Marked], exam: Exam) -> list[_Marked]:
    """Skip the groups that depend on one that was not accepted as a whole."""
    kept = list(marked)
    passed: dict[str, bool] = {}
    for group, indices in exam.groups:
        if not all(passed.get(name, True) for name in group.depends_on):
            for index in indices:
                kept[index] = kept[index]._replace(verdict=Verdict.SKIPPED, message=None)
        passed[group.name] = all(kept[index].verdict is Verdict.ACCEPTED for index in indices)
    return kept


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
    question = exam.questions[index]
    data = question.data
    return CaseResult(
        name=data.name,
        verdict=marked.verdict,
        score=scoring.case_score(marked.verdict, share),
        max_score=share,
        cpu_s=marked.run.cpu_s,
        message=marked.message,
        inputs=exam.inputs[index],
        desired=None if _is_growth(question) else data.desired,
        actual=None if _is_growth(question) else marked.run.value,
        prints=marked.run.prints or None,
        flaky=marked.flaky,
    )


def _is_growth(question: Question) -> bool:
    """Tell whether a case is about time: its values are far too many to be shown."""
    return isinstance(question.group.check, Grows)


def _diagnosis(
    evidence: Evidence, marked: Sequence[_Marked], submission: Submission, exam: Exam
) -> tuple[Diagnosis, ...]:
    refused = explaining.refusal(evidence.problem, evidence.run, exam.challenge, submission)
    if refused is not None:
        return (refused,)
    if all(entry.verdict is Verdict.ACCEPTED for entry in marked):
        return ()
    judged = [
        entry
        for question, each in zip(exam.questions, marked, strict=True)
        for entry in _judged(question, each, exam)
    ]
    mixed_up = explaining.mixed_up(submission, evidence.run, exam.challenge)
    if mixed_up is not None:
        return (mixed_up,)
    from grader.matching import Matching  # and known programs: right submissions never need them

    lookup = Matching(exam, judged)
    found = diagnose(judged, lookup, state_kept=_state_kept(evidence, exam))
    language = languages.by_name(submission.language)
    return tuple(explaining.in_words_of(language, each) for each in found)


def _judged(question: Question, marked: _Marked, exam: Exam) -> list[Judged]:
    """Return a question's calls as an explanation sees them."""
    check = question.group.check
    # A group that was skipped ran all the same, and what it answered is as telling as any.
    rejected = marked.rejected
    late = isinstance(check, Grows | Raises) and marked.verdict is Verdict.TIME_LIMIT_EXCEEDED
    broken = late or marked.verdict is Verdict.WRONG_ANSWER
    return [
        Judged(
            desired=call.data.desired,
            scale=call.data.scale,
            tolerance=call.tolerance,
            decides=call.decides,
            answered=_tells(check, run, rejected=rejected),
            wrong=rejected,
            aside=run.raised is not None if not isinstance(check, Raises) else rejected,
            actual=_came_back(run),
            property=_property(check) if broken else None,
            printed=bool(run.prints),
            inputs_changed=question.group.inputs_unchanged and run.inputs_changed,
        )
        for call, run in zip(
            (exam.calls[index] for index in question.calls), marked.runs, strict=True
        )
    ]


def _tells(check: Check, run: CaseRun, *, rejected: bool) -> bool:
    """Tell whether a call's outcome can be compared with what known programs do.

    A value where an exception is due is explained by the property that does not hold, and must
    not hide what else is wrong.
    """
    if isinstance(check, Raises):
        return run.raised is not None and not rejected
    return run.verdict is None


def _property(check: Check) -> tuple[str, str] | None:
    """Return the name and the message of a check that says something of its own."""
    if isinstance(check, Matches):
        return None
    return ("expected-error" if isinstance(check, Raises) else check.name), check.message


def _came_back(run: CaseRun) -> object:
    return Raising((run.raised.kind,)) if run.raised is not None else run.value


def _state_kept(evidence: Evidence, exam: Exam) -> bool:
    """Whether a failure went away when its case ran alone, as often as chance asks for."""
    return any(
        all(
            _mark_case(exam.questions[index], runs, exam).verdict is Verdict.ACCEPTED
            for runs in attempts
        )
        for index, attempts in evidence.alone.items()
    )
