"""One result as Markdown (CommonMark with GitHub's tables): for an issue, a mail, a platform.

Hostile text stays text: names, values, messages and prints stand in code, in a fence or between
backticks that are longer than any run of them inside, where no markup, no link and no mention is
read. Sentences are escaped; an explanation may quote a submission, so addresses and mentions in
them are broken too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from grader.reports import content
from grader.reports.content import CaseContent, Content, ExampleContent, GroupContent, Named
from grader.reports.words import sign, words
from grader.result import SubmissionResult, student_view

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_SPECIAL_AT_THE_START = re.compile(r"^([#+\-=]|\d+[.)])")
_MENTION = re.compile(r"@(?=\w)")
_WORD_JOINER = "\u2060"
"""Invisible: what follows an @ is then nobody's name and no address."""

_LEAST_FENCE = 3


def student_markdown(result: SubmissionResult) -> str:
    """Return the report for the student; whatever is hidden from students is taken out here."""
    return _render(content.of(student_view(result)))


def full_markdown(result: SubmissionResult) -> str:
    """Return the report for an instructor, with the values of hidden cases."""
    return _render(content.of(result, full=True), full=True)


def summary_markdown(result: SubmissionResult) -> str:
    """Return the student's report without its cases: what there is room for everywhere."""
    said = content.of(student_view(result))
    return _render(replace(said, groups=tuple(replace(each, cases=()) for each in said.groups)))


def why_markdown(result: SubmissionResult) -> str:
    """Return why it failed, what to do next and the notes, for the student and without points.

    It is for where points are shown already, or must not be yet.
    """
    said = content.of(student_view(result))
    blocks = [*_why(said), "## What to do next", text(said.next_step), *_notes(said.notes)]
    return "\n\n".join(blocks) + "\n"


def text(sentence: str) -> str:
    r"""Return a sentence that Markdown shows as it is.

    >>> print(text("(w*x - y)**2 < 1 | <b>"))
    (w\*x - y)\*\*2 \< 1 \| \<b\>
    """
    escaped = _SPECIAL_AT_THE_START.sub(_escape_last, _SPECIAL.sub(r"\\\g<0>", sentence))
    return _MENTION.sub(f"@{_WORD_JOINER}", escaped)


def _escape_last(match: re.Match[str]) -> str:
    return f"{match[0][:-1]}\\{match[0][-1]}"


def code(line: str) -> str:
    """Return one line as code, in a table too.

    >>> print(code("a|b `c`"))
    `` a\\|b `c` ``
    """
    ticks = "`" * (_longest_run(line) + 1)
    space = " " if not line or "`" in (line[0], line[-1]) else ""
    return f"{ticks}{space}{line}{space}{ticks}".replace("|", "\\|")


def fence(lines: Iterable[str]) -> str:
    """Return lines as a block of code."""
    body = "\n".join(lines)
    ticks = "`" * max(_LEAST_FENCE, _longest_run(body) + 1)
    return f"{ticks}text\n{body}\n{ticks}"


def _longest_run(body: str) -> int:
    return max(map(len, re.findall("`+", body)), default=0)


def _render(said: Content, *, full: bool = False) -> str:
    blocks = [
        f"# {text(said.challenge)}: {code(said.submission)}",
        f"**{words(said.verdict)}**, {said.points} points",
        *_why(said),
        *([] if full else ["## What to do next", text(said.next_step)]),
        *_points(said.groups),
        *_cases(said.groups),
        *_notes(said.notes),
    ]
    return "\n\n".join(blocks) + "\n"


def _why(said: Content) -> Iterator[str]:
    if said.explanations or said.said_once is not None:
        yield "## Why"
    if said.said_once is not None:
        yield fence([said.said_once])
    for entry in said.explanations:
        yield f"### {text(entry.title)}"
        yield text(entry.hint)
        if entry.evidence:
            yield text(entry.evidence)
        if entry.example is not None:
            yield from _example(entry.example)


def _example(example: ExampleContent) -> Iterator[str]:
    yield fence(_aligned(example.inputs))
    if example.steps:
        yield "Worked by hand, step by step:"
        yield fence(f"{number}. {step}" for number, step in enumerate(example.steps, 1))
    yield fence(_aligned(example.answers))
    if example.path is not None:
        yield text(example.path.caption)
        yield fence(_columns([example.path.head, *example.path.rows]))


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a table as lines: every column as wide as its longest entry, to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.rjust, row, widths)) for row in rows]


def _aligned(rows: Sequence[Named]) -> list[str]:
    width = max((len(row.name) for row in rows), default=0)
    return [f"{row.name.ljust(width)}  {row.text}" for row in rows]


def _points(groups: Sequence[GroupContent]) -> Iterator[str]:
    if not groups:
        return
    yield "## Points"
    rows = [
        f"| {text(group.title)} | {words(group.verdict)} | {group.points} | {text(group.tally)} |"
        for group in groups
    ]
    yield "\n".join(["| what was asked | verdict | points | cases |", "|---|---|---|---|", *rows])


def _cases(groups: Sequence[GroupContent]) -> Iterator[str]:
    for group in groups:
        if group.cases:
            yield f"## {text(group.title)}"
        for case in group.cases:
            yield from _case(case)


def _case(case: CaseContent) -> Iterator[str]:
    yield f"{sign(case.verdict)} {text(case.name)}: **{words(case.verdict)}**"
    if case.message is not None:
        yield fence([case.message])
    if case.values:
        yield fence(_aligned(case.values))
    if case.prints:
        yield "It printed:"
        yield fence(case.prints)


def _notes(notes: Sequence[str]) -> Iterator[str]:
    if notes:
        yield "## Notes"
        yield "\n".join(f"- {code(note)}" for note in notes)
