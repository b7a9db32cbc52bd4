"""One result as text for a terminal: what happened, why, and what to do next.

It renders what it is given. For a student that is `student_view(result)`, in which hidden
cases have no values and no message; `full` adds what only an instructor wants to read.
Everything that a submission could have made is escaped.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import click

from grader.diagnosis import Example
from grader.reports import escape
from grader.reports.values import show
from grader.reports.words import NEXT_STEP, STEP_FOR, colour, points, words
from grader.result import CaseResult, GroupResult, SubmissionResult
from grader.verdict import Verdict, Visibility

_VALUE_LIMIT = 2000
_TITLE_WIDTH = 40
_WIDTH = 96

Show = Callable[[Any], str]
"""Shows a value in the submission's language."""


def render(result: SubmissionResult, *, full: bool = False) -> str:
    """Return the report, with ANSI colours that `click.echo` takes out where they do not fit."""
    sections = [
        _headline(result),
        "\n".join(_groups(result, full)),
        _section("Why", _why(result, full=full)),
        _section("Notes", [f"  {escape.line(note, 500)}" for note in result.notes]),
        "" if full else _section("Next", [_wrapped(_next_step(result), "  ")]),
        _section("Run", list(_provenance(result))) if full else "",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _shower(result: SubmissionResult) -> Show:
    return partial(show, limit=_VALUE_LIMIT, language=result.language)


def _next_step(result: SubmissionResult) -> str:
    """Return what to do next: as the first explanation asks for it, else as the verdict does."""
    if result.diagnosis and result.verdict is not Verdict.JUDGE_ERROR:
        first = result.diagnosis[0]
        if (step := STEP_FOR.get(first.id) or STEP_FOR.get(first.kind)) is not None:
            return step
    verdicts = {case.verdict for group in result.groups for case in _seen(group)}
    if verdicts and verdicts <= {Verdict.RUNTIME_ERROR, Verdict.SKIPPED}:
        return NEXT_STEP[Verdict.RUNTIME_ERROR]
    return NEXT_STEP[result.verdict]


def _seen(group: GroupResult) -> tuple[CaseResult, ...]:
    return group.cases if group.visibility is Visibility.VISIBLE else ()


def _headline(result: SubmissionResult) -> str:
    name = f"{result.challenge}  {escape.line(result.submission)}"
    mark = points(result.score, result.max_score)
    verdict = click.style(words(result.verdict), fg=colour(result.verdict), bold=True)
    return f"{name}\n{verdict}, {mark} points"


def _groups(result: SubmissionResult, full: bool) -> Iterator[str]:
    if result.verdict is Verdict.INVALID_SUBMISSION:
        return  # no case could be run, and why is said once
    alike = _one_message(result) is not None
    for group in result.groups:
        yield _group_line(group)
        for case in group.cases:
            if not alike and (full or group.visibility is Visibility.VISIBLE):
                yield from _case(case, _shower(result))


def _one_message(result: SubmissionResult) -> str | None:
    """Return what every case says alike where no value came back: it is said once then."""
    shown = [
        case.message
        for group in result.groups
        for case in group.cases
        if group.visibility is Visibility.VISIBLE
    ]
    alike = len(set(shown)) == 1 and result.verdict is not Verdict.WRONG_ANSWER
    return shown[0] if alike else None


def _group_line(group: GroupResult) -> str:
    title = escape.line(group.title, _TITLE_WIDTH).ljust(_TITLE_WIDTH)
    verdict = click.style(words(group.verdict).ljust(21), fg=colour(group.verdict))
    passed = sum(case.verdict is Verdict.ACCEPTED for case in group.cases)
    hidden = "" if group.visibility is Visibility.VISIBLE else ", hidden"
    tally = f"{passed} of {len(group.cases)} cases accepted{hidden}"
    if group.verdict is Verdict.SKIPPED:
        tally = f"not judged{hidden}: another group has to pass first"
    return f"  {title} {verdict} {points(group.score, group.max_score).ljust(13)} {tally}"


def _case(case: CaseResult, show: Show) -> Iterator[str]:
    """Yield a case: one line where it was accepted, everything that is known where it was not."""
    verdict = click.style(words(case.verdict), fg=colour(case.verdict))
    yield f"    {escape.line(case.name)}: {verdict}"
    if case.verdict in (Verdict.ACCEPTED, Verdict.SKIPPED):
        return
    if case.message is not None:
        yield _wrapped(escape.line(case.message, 1000), "      ")
    if case.inputs is not None:
        yield from _values(case, show)
    if case.prints:
        yield "      it printed"
        yield from (f"        | {printed}" for printed in escape.block(case.prints))


def _values(case: CaseResult, show: Show) -> Iterator[str]:
    """Yield the inputs, and the two values unless the message has told them already."""
    rows = [(name, show(value)) for name, value in case.inputs.items()]
    desired, actual = show(case.desired), show(case.actual)
    told = case.message or ""
    if case.verdict is not Verdict.WRONG_ANSWER:
        rows.append(("expected", desired))
    elif desired not in told or actual not in told:
        rows += [("expected", desired), ("got", actual)]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        yield f"      {name.ljust(width)}  {value}"


def _why(result: SubmissionResult, *, full: bool) -> list[str]:
    lines = []
    message = _one_message(result)
    if message is not None and result.verdict is not Verdict.INVALID_SUBMISSION:
        lines.append(_wrapped(f"Every case that you can see: {escape.line(message, 1000)}", "  "))
    elif message is not None and not result.diagnosis:
        lines.append(_wrapped(escape.line(message, 1000), "  "))
    for entry in result.diagnosis:
        title = entry.title[:1].upper() + entry.title[1:]
        lines.append(f"  {click.style(escape.line(title), bold=True)}")
        lines.append(_wrapped(escape.line(entry.hint, 2000), "    "))
        if full and entry.evidence:
            evidence = f"{entry.evidence} (confidence {entry.confidence:g})"
            lines.append(_wrapped(escape.line(evidence, 1000), "    "))
        if entry.example is not None:
            lines.extend(_example(entry.example, _shower(result)))
    return lines


def _example(example: Example, show: Show) -> Iterator[str]:
    """Yield an example: the inputs, how the right answer comes about, what came instead."""
    rows = [(name, show(value)) for name, value in example.inputs.items()]
    rows += [("step by step" if i == 0 else "", text) for i, text in enumerate(example.steps)]
    rows.append(("expected", show(example.expected)))
    if example.message is not None:
        rows.append(("yours", escape.line(example.message, 300)))
    if example.message is None or example.actual is not None:
        rows.append(("got", show(example.actual)))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        yield f"      {name.ljust(width)}  {value}"


def _provenance(result: SubmissionResult) -> Iterator[str]:
    layers = ", ".join(result.sandbox.layers) or "none"
    yield f"  sandbox    {result.sandbox.tier} ({layers})"
    yield f"  time       {result.cpu_s:.3f} s CPU, {result.wall_s:.3f} s wall"
    yield f"  source     sha256 {result.sha256}"
    yield f"  challenge  {result.challenge_digest}"
    yield f"  dataset    {result.dataset_digest}"


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([click.style(title, bold=True), *lines]) if lines else ""


def _wrapped(text: str, indent: str) -> str:
    return click.wrap_text(text, _WIDTH, initial_indent=indent, subsequent_indent=indent)
