"""The judge's facts in sentences: why a file cannot be called, what else is worth saying.

Whatever is said here a student may read. A refused file has seen no input; of hidden cases
there is at most one built-in kind of exception with one line number.
"""

from collections.abc import Sequence
from dataclasses import replace

from grader import languages, outcome
from grader.diagnosis import Diagnosis
from grader.exam import Exam
from grader.interface import Interface, Problem, diagnose_interface
from grader.languages import Language, SourceProblem
from grader.runner import Run
from grader.sandbox.wire import InvalidReason
from grader.spec import Challenge, Limits, Raises
from grader.submission import Submission, snake_case
from grader.verdict import Verdict

_PROBLEMS = {
    InvalidReason.DOES_NOT_COMPILE: Problem.SYNTAX,
    InvalidReason.IMPORT_RAISED: Problem.IMPORT_RAISED,
    InvalidReason.EXITS_AT_IMPORT: Problem.EXITS_AT_IMPORT,
    InvalidReason.NO_ENTRY_POINT: Problem.NO_ENTRY_POINT,
    InvalidReason.NOT_CALLABLE: Problem.NOT_CALLABLE,
    InvalidReason.WRONG_PARAMETERS: Problem.WRONG_ARITY,
}


def refusal(
    problem: SourceProblem | None,
    run: Run,
    challenge: Challenge,
    submission: Submission,
) -> Diagnosis | None:
    """Return why no case could be run, or None where the function was called."""
    if problem is not None:
        return _from_source(problem)
    invalid = run.invalid
    if invalid is None:
        return _import_not_finished(run)
    language = languages.by_name(submission.language)
    said = language.explain(submission.source, invalid, challenge.packages)
    if said is not None:
        return _from_source(said)
    error = invalid.error
    diagnosis = diagnose_interface(
        Interface(
            problem=_PROBLEMS[invalid.reason],
            entry=challenge.id,
            parameters=challenge.parameters,
            names=invalid.names,
            line=error.line if error else None,
            error=error.kind if error else None,
            detail=error.message if error else None,
        )
    )
    return in_words_of(language, diagnosis)


def in_words_of(language: Language, diagnosis: Diagnosis) -> Diagnosis:
    """Return an explanation of our own in the language's words; an author's stays as it is."""
    if not language.words or diagnosis.kind not in ("interface", "shape"):
        return diagnosis
    return replace(
        diagnosis, title=language.said(diagnosis.title), hint=language.said(diagnosis.hint)
    )


def mixed_up(submission: Submission, run: Run, challenge: Challenge) -> Diagnosis | None:
    """Tell that the parameters are the agreed ones in another order: the call is by position."""
    if run.ready is None:
        return None
    language = languages.by_name(submission.language)
    theirs = language.parameter_names(submission.source, run.ready.entry)
    agreed = challenge.parameters
    if theirs == agreed or sorted(theirs) != sorted(agreed):
        return None
    return Diagnosis(
        "interface",
        "parameters-in-another-order",
        "The parameters stand in another order",
        f"The function is called by position, as {challenge.id}({', '.join(agreed)}). Yours is "
        f"written ({', '.join(theirs)}), so that values end up under other names.",
    )


def _import_not_finished(run: Run) -> Diagnosis | None:
    """Return why there was no import, where the process ended before it was done."""
    first = run.cases[0]
    if run.ready is not None or first.message is None or first.verdict is Verdict.JUDGE_ERROR:
        return None
    return Diagnosis("interface", "import-not-finished", "The import ends nowhere", first.message)


def _from_source(problem: SourceProblem) -> Diagnosis:
    where = f" (line {problem.line})" if problem.line is not None else ""
    return Diagnosis("interface", problem.kind, problem.message + where, problem.hint)


def notes(
    run: Run,
    verdicts: Sequence[Verdict],
    flaky: Sequence[bool],
    submission: Submission,
    exam: Exam,
) -> tuple[str, ...]:
    """Return what is worth knowing beside the marks."""
    lines = submission.source.count(b"\n") + submission.source.count(b"\r")
    language = languages.engine_of(submission.language, exam.challenge)
    limits = exam.limits(language.cpu_factor)
    said = [
        _other_name(run, exam),
        _first_hidden_error(run, verdicts, lines, exam),
        _time_spent(run, limits),
        _changed_inputs(run, exam),
        *_skipped(run, verdicts, exam),
        _flaky(flaky),
    ]
    return tuple(note for note in said if note is not None)


def _other_name(run: Run, exam: Exam) -> str | None:
    if run.ready is None or run.ready.entry == exam.challenge.id:
        return None
    # Not as the box says: whoever forges its replies writes no sentence of ours.
    name = snake_case(exam.challenge.id)
    return f"the function was found as {name}; the challenge calls it {exam.challenge.id}"


_MOST_LINES = 250
"""Of a longer file no line is told for a hidden case: which one it is could carry a number out."""


def _first_hidden_error(
    run: Run, verdicts: Sequence[Verdict], lines: int, exam: Exam
) -> str | None:
    """One failure of one hidden case: what kind, and one line of the student's own short file."""
    for call, case in zip(exam.calls, run.cases, strict=True):
        question, verdict = exam.questions[call.question], verdicts[call.question]
        if question.is_visible or verdict in (Verdict.ACCEPTED, Verdict.SKIPPED):
            continue
        if isinstance(question.group.check, Raises):
            continue
        if case.raised is not None:
            told = case.raised.line is not None and lines <= _MOST_LINES
            where = f" on line {case.raised.line}" if told else ""
            return f"in a hidden case the function stopped with {case.raised.kind}{where}"
        if case.line is not None and run.ready is not None and lines <= _MOST_LINES:
            return f"in a hidden case the time was over on line {case.line}"
    return None


def _changed_inputs(run: Run, exam: Exam) -> str | None:
    """Remark on changed arguments where the challenge does not forbid it."""
    forbidden = any(group.inputs_unchanged for group, _ in exam.groups)
    if forbidden or not any(case.inputs_changed for case in run.cases):
        return None
    return (
        "a call changes the arguments that it is given. It costs nothing here, for every call gets "
        "its own; elsewhere a caller would be surprised: work on a copy"
    )


def _skipped(run: Run, verdicts: Sequence[Verdict], exam: Exam) -> list[str]:
    """Say which groups were skipped, and what has to pass first."""
    titles = {group.name: group.title for group in exam.challenge.groups}
    if run.ready is None:
        return []  # nothing was run at all, and why is said already
    return [
        f"«{group.title}» was skipped: "
        f"{' and '.join(f'«{titles[name]}»' for name in group.depends_on)} "
        f"{'has' if len(group.depends_on) == 1 else 'have'} to pass first"
        for group, indices in exam.groups
        if all(verdicts[index] is Verdict.SKIPPED for index in indices)
    ]


def _flaky(flaky: Sequence[bool]) -> str | None:
    if not any(flaky):
        return None
    return (
        f"flaky: {sum(flaky)} of {len(flaky)} cases failed at first and passed in a later run with "
        "other random numbers. That counts as passed; if it happens often, look at how surely "
        "your training arrives"
    )


def _time_spent(run: Run, limits: Limits) -> str | None:
    if outcome.spent(limits) not in run.cases:
        return None
    return (
        f"the submission used up its total of {limits.cpu_s:g} s CPU time, so that "
        "the remaining cases were not run: look for a loop that never ends, then for slow ones"
    )
