"""One result as text for a terminal: what happened, why, and what to do next.

What it says is `content`'s; for a student that is made of `student_view(result)`, in which
hidden cases have no values and no message.
"""

from collections.abc import Iterator, Sequence

import click

from grader.reports import content, escape
from grader.reports.content import CaseContent, Content, ExampleContent, GroupContent, Named
from grader.reports.words import colour, words
from grader.result import SubmissionResult
from grader.verdict import Verdict

_TITLE_WIDTH = 40
_WIDTH = 96


def render(result: SubmissionResult, *, full: bool = False) -> str:
    """Return the report, with ANSI colours that `click.echo` takes out where they do not fit."""
    said = content.of(result, full=full)
    sections = [
        _headline(said),
        "\n".join(line for group in said.groups for line in _group(group)),
        _section("Why", list(_why(said))),
        _section("Notes", [f"  {note}" for note in said.notes]),
        "" if full else _section("Next", [_wrapped(said.next_step, "  ")]),
        _section("Run", list(_provenance(result))) if full else "",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _headline(said: Content) -> str:
    verdict = _coloured(said.verdict, bold=True)
    return f"{said.challenge}  {said.submission}\n{verdict}, {said.points} points"


def _coloured(verdict: Verdict, width: int = 0, *, bold: bool = False) -> str:
    return click.style(words(verdict).ljust(width), fg=colour(verdict), bold=bold or None)


def _group(group: GroupContent) -> Iterator[str]:
    title = escape.line(group.title, _TITLE_WIDTH).ljust(_TITLE_WIDTH)
    yield f"  {title} {_coloured(group.verdict, 21)} {group.points.ljust(13)} {group.tally}"
    for case in group.cases:
        yield from _case(case)


def _case(case: CaseContent) -> Iterator[str]:
    yield f"    {case.name}: {_coloured(case.verdict)}"
    if case.message is not None:
        yield _wrapped(case.message, "      ")
    yield from _table(case.values)
    if case.prints:
        yield "      it printed"
        yield from (f"        | {printed}" for printed in case.prints)


def _why(said: Content) -> Iterator[str]:
    if said.said_once is not None:
        yield _wrapped(said.said_once, "  ")
    for entry in said.explanations:
        yield f"  {click.style(entry.title, bold=True)}"
        yield _wrapped(entry.hint, "    ")
        if entry.evidence:
            yield _wrapped(entry.evidence, "    ")
        if entry.example is not None:
            yield from _table(_rows(entry.example))


def _rows(example: ExampleContent) -> list[Named]:
    """Return an example's rows: the inputs, how the right answer comes about, what came."""
    steps = [Named("step by step" if i == 0 else "", text) for i, text in enumerate(example.steps)]
    return [*example.inputs, *steps, *example.answers]


def _table(rows: Sequence[Named]) -> Iterator[str]:
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        yield f"      {row.name.ljust(width)}  {row.text}"


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
