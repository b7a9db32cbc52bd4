"""What a report on one submission says, whatever it is written in: text, HTML or Markdown.

It hides nothing itself: for a student it is given `student_view(result)`, in which hidden cases
have no values and no message; `full` adds what only an instructor wants to read. Every string
that a submission could have made is one printable line of bounded length here (see `escape`);
a format has only its own special characters to escape.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from grader.diagnosis import Diagnosis, Example, Kind
from grader.explanation import Trajectory
from grader.reports import escape
from grader.reports.values import show
from grader.reports.words import NEXT_STEP, STEP_FOR, points
from grader.result import CaseResult, GroupResult, SubmissionResult
from grader.verdict import ALWAYS_OPEN, Verdict, Visibility

VALUE_LIMIT = 2000
MESSAGE_LIMIT = 1000
_HINT_LIMIT = 2000
_NOTE_LIMIT = 500
_YOURS_LIMIT = 300

Show = Callable[[Any], str]
"""Shows a value in the submission's language."""


class Named(NamedTuple):
    """A value as text, by the name of its parameter or by what it is."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseContent:
    """A case: its name alone where it was accepted, everything that is known where it was not."""

    name: str
    verdict: Verdict
    message: str | None = None
    values: tuple[Named, ...] = ()
    prints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupContent:
    """A group with its points; `cases` are those of which more than the verdict is to be seen."""

    title: str
    verdict: Verdict
    score: float | None
    max_score: float
    tally: str
    cases: tuple[CaseContent, ...]

    @property
    def points(self) -> str:
        return points(self.score, self.max_score)


@dataclass(frozen=True, slots=True)
class PathContent:
    """How both answers unfold: a sentence on what there is to see, and the numbers as a table."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ExampleContent:
    """An input that fails: how the right answer comes about, and what came instead."""

    inputs: tuple[Named, ...]
    steps: tuple[str, ...]
    answers: tuple[Named, ...]
    path: PathContent | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why it failed; `evidence` is for instructors, else empty."""

    kind: Kind
    title: str
    hint: str
    evidence: str
    example: ExampleContent | None


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report. `said_once` is what would else be said of every case alike."""

    challenge: str
    submission: str
    verdict: Verdict
    score: float | None
    max_score: float
    groups: tuple[GroupContent, ...]
    said_once: str | None
    explanations: tuple[Explanation, ...]
    notes: tuple[str, ...]
    next_step: str

    @property
    def points(self) -> str:
        return points(self.score, self.max_score)


def of(
    result: SubmissionResult, *, full: bool = False, opened: Collection[Visibility] = ALWAYS_OPEN
) -> Content:
    """Return what a report says of `result`, which holds what its reader may see.

    `opened` are the visibilities of the groups that a student may see: those of the view.
    """
    visible = [group for group in result.groups if group.visibility.is_open(opened)]
    alike = _one_message(result, visible)
    return Content(
        challenge=result.challenge,
        submission=escape.line(result.submission),
        verdict=result.verdict,
        score=result.score,
        max_score=result.max_score,
        groups=tuple(_groups(result, visible, full=full, alike=alike is not None)),
        said_once=_said_once(result, alike),
        explanations=tuple(_explanation(entry, result, full) for entry in result.diagnosis),
        notes=tuple(escape.line(note, _NOTE_LIMIT) for note in result.notes),
        next_step=_next_step(result, visible),
    )


def _next_step(result: SubmissionResult, visible: Sequence[GroupResult]) -> str:
    """Return what to do next: as the first explanation asks for it, else as the verdict does."""
    if result.diagnosis and result.verdict is not Verdict.JUDGE_ERROR:
        first = result.diagnosis[0]
        if (step := STEP_FOR.get(first.id) or STEP_FOR.get(first.kind)) is not None:
            return step
    verdicts = {case.verdict for group in visible for case in group.cases}
    if verdicts and verdicts <= {Verdict.RUNTIME_ERROR, Verdict.SKIPPED}:
        return NEXT_STEP[Verdict.RUNTIME_ERROR]
    return NEXT_STEP[result.verdict]


def _groups(
    result: SubmissionResult, visible: Sequence[GroupResult], *, full: bool, alike: bool
) -> Iterator[GroupContent]:
    if result.verdict is Verdict.INVALID_SUBMISSION:
        return  # no case could be run, and why is said once
    names = {group.name for group in visible}
    for group in result.groups:
        is_visible = group.name in names
        seen = not alike and (full or is_visible)
        yield GroupContent(
            title=escape.line(group.title),
            verdict=group.verdict,
            score=group.score,
            max_score=group.max_score,
            tally=tally(group, is_visible=is_visible),
            cases=tuple(_case(case, _shower(result)) for case in group.cases) if seen else (),
        )


def _shower(result: SubmissionResult) -> Show:
    return partial(show, limit=VALUE_LIMIT, language=result.language)


def _one_message(result: SubmissionResult, visible: Sequence[GroupResult]) -> str | None:
    """Return what every case says alike where no value came back: it is said once then."""
    shown = [case.message for group in visible for case in group.cases]
    alike = len(set(shown)) == 1 and result.verdict is not Verdict.WRONG_ANSWER
    return shown[0] if alike else None


def _said_once(result: SubmissionResult, message: str | None) -> str | None:
    if message is None:
        return None
    if result.verdict is not Verdict.INVALID_SUBMISSION:
        return f"Every case that you can see: {escape.line(message, MESSAGE_LIMIT)}"
    return None if result.diagnosis else escape.line(message, MESSAGE_LIMIT)


_SINCE = {
    Visibility.AFTER_DUE_DATE: ", shown since the due date has passed",
    Visibility.AFTER_PUBLISHED: ", shown since the results were published",
}


def tally(group: GroupResult, *, is_visible: bool) -> str:
    """Return how many of a group's cases were accepted, in words."""
    passed = sum(case.verdict is Verdict.ACCEPTED for case in group.cases)
    since = _SINCE.get(group.visibility, "") if is_visible else ", hidden"
    if group.verdict is Verdict.SKIPPED:
        return f"not judged{since}: another group has to pass first"
    return f"{passed} of {len(group.cases)} cases accepted{since}"


def _case(case: CaseResult, show: Show) -> CaseContent:
    name = escape.line(case.name)
    if case.verdict in (Verdict.ACCEPTED, Verdict.SKIPPED):
        return CaseContent(name, case.verdict)
    return CaseContent(
        name=name,
        verdict=case.verdict,
        message=None if case.message is None else escape.line(case.message, MESSAGE_LIMIT),
        values=() if case.inputs is None else tuple(_values(case, show)),
        prints=tuple(escape.block(case.prints)) if case.prints else (),
    )


def _values(case: CaseResult, show: Show) -> Iterator[Named]:
    """Yield the inputs, and the two values unless the message has told them already."""
    yield from _inputs(case.inputs, show)
    desired, actual = show(case.desired), show(case.actual)
    told = case.message or ""
    if case.verdict is not Verdict.WRONG_ANSWER:
        yield Named("expected", desired)
    elif desired not in told or actual not in told:
        yield Named("expected", desired)
        yield Named("got", actual)


def _inputs(inputs: Any, show: Show) -> Iterator[Named]:
    for name, value in inputs.items():
        yield Named(escape.line(name), show(value))


def _explanation(entry: Diagnosis, result: SubmissionResult, full: bool) -> Explanation:
    evidence = f"{entry.evidence} (confidence {entry.confidence:g})"
    return Explanation(
        kind=entry.kind,
        title=escape.line(entry.title[:1].upper() + entry.title[1:]),
        hint=escape.line(entry.hint, _HINT_LIMIT),
        evidence=escape.line(evidence, MESSAGE_LIMIT) if full and entry.evidence else "",
        example=None if entry.example is None else _example(entry.example, _shower(result)),
    )


def _example(example: Example, show: Show) -> ExampleContent:
    answers = [Named("expected", show(example.expected))]
    if example.message is not None:
        answers.append(Named("yours", escape.line(example.message, _YOURS_LIMIT)))
    if example.message is None or example.actual is not None:
        answers.append(Named("got", show(example.actual)))
    return ExampleContent(
        inputs=tuple(_inputs(example.inputs, show)),
        steps=tuple(escape.line(step, VALUE_LIMIT) for step in example.steps),
        answers=tuple(answers),
        path=None if example.trajectory is None else _path(example.trajectory, example.inputs),
    )


def _path(trajectory: Trajectory, inputs: Mapping[str, Any]) -> PathContent:
    head = [_named(trajectory)]
    columns = [[str(at) for at in trajectory.at]]
    for series in trajectory.series:
        label = f" {escape.line(series.label)}" if series.label else ""
        head += [f"expected{label}", f"got{label}"]
        columns += [_three_digits(series.expected), _three_digits(series.actual)]
    rows = tuple(zip(*columns, strict=True))
    return PathContent(_caption(trajectory, inputs), tuple(head), rows)


def _named(trajectory: Trajectory) -> str:
    return " and ".join(map(escape.line, trajectory.along))


def _caption(trajectory: Trajectory, inputs: Mapping[str, Any]) -> str:
    """Say what was varied: a number, or how many entries of lists."""
    along, (first, *_, last) = _named(trajectory), trajectory.at
    if isinstance(inputs.get(trajectory.along[0]), int):
        return f"The answer to this input with {along} from {first} to {last}."
    again = ", which begin anew where they end" if trajectory.own < last else ""
    return f"The answer after the first {first} to {last} entries of {along}{again}."


def _three_digits(values: Sequence[float | None]) -> list[str]:
    return ["no number" if each is None else f"{each:.3g}" for each in values]
