"""What a student may read beside a grade: a sentence, or the whole report as plain text.

It is made of the student's view alone, so it holds no hidden value; and every text that a student
wrote is made harmless by the reports' own escaping. Whoever writes it where HTML is read escapes it
once more (`as_html`); whoever writes it into a table guards it against formulas (`as_cell`).
"""

import html
from collections.abc import Sequence

import click

from grader.reports import content, escape, single
from grader.reports.words import words
from grader.result import SubmissionResult, student_view

CELL_LIMIT = 32_000
"""Characters: what a spreadsheet's and Moodle's cells hold."""

_CUT = "\n[…] the rest did not fit; ask for the whole report"


def short(result: SubmissionResult) -> str:
    """Return one line: the points, and the first reason why there are not more."""
    said = content.of(student_view(result))
    # That there is an example is no reason, and the line is too short to show it.
    reasons = [each.title for each in said.explanations if each.kind != "counterexample"]
    return f"{said.points}: {reasons[0] if reasons else words(result.verdict)}"


def full(result: SubmissionResult) -> str:
    """Return the student's report as plain lines."""
    return click.unstyle(single.report(result, "student", "text")).rstrip("\n")


def together(texts: Sequence[tuple[str, str]]) -> str:
    """Return the texts of several submissions as one, each under its challenge's name."""
    if len(texts) == 1:
        return texts[0][1]
    return "\n\n".join(f"{name}\n{text}" if "\n" in text else f"{name}: {text}"
                       for name, text in texts)  # fmt: skip


def followed(text: str, sentence: str) -> str:
    r"""Return `text` with a sentence behind it, on the line of a single one.

    >>> followed("87 of 100: accepted", "So."), followed("a\nb", "So."), followed("a?", "")
    ('87 of 100: accepted. So.', 'a\nb\nSo.', 'a?')
    """
    if not sentence:
        return text
    if "\n" in text:
        return f"{text}\n{sentence}"
    return f"{text}{'' if text.endswith(('.', '?', '!')) else '.'} {sentence}"


def cut(text: str, limit: int = CELL_LIMIT) -> str:
    """Return `text` in at most `limit` characters, saying so where it was longer."""
    return text if len(text) <= limit else text[: limit - len(_CUT)] + _CUT


def as_html(text: str) -> str:
    """Return plain text as HTML that shows it as it is: platforms render what they store."""
    escaped = html.escape(text)
    return f"<pre>{escaped}</pre>" if "\n" in text else escaped


def as_cell(text: str) -> str:
    r"""Return a text of ours for a table's cell: no spreadsheet takes it for a formula.

    Lines stay lines; whatever else is not printable becomes an escape.

    >>> as_cell("=1+1\nb"), as_cell("  @x")
    ("'=1+1\nb", "'  @x")
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = "\n".join(escape.line(each, CELL_LIMIT) for each in lines)
    guarded = f"'{shown}" if text.lstrip(" \n")[:1] in _FORMULA_STARTS else shown
    return cut(guarded)


_FORMULA_STARTS = frozenset("=+-@\t\r")
