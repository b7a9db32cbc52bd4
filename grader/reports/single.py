"""The report on one submission, for a view and in a format, and where it goes."""

import json
from pathlib import Path
from typing import Literal

import click

from grader.errors import UsageError
from grader.reports import markdown, text
from grader.result import SubmissionResult, View, student_view, to_json

Form = Literal["text", "json", "html", "markdown"]


def report(result: SubmissionResult, view: View, form: Form) -> str:
    """Return the report; text may hold ANSI colours."""
    if form == "json":
        return json.dumps(to_json(result, view), indent=2, allow_nan=False) + "\n"
    if form == "html":
        # Here, for jinja2 takes time to import that a text need not wait for.
        from grader.reports.html import student

        return student.student_page(result) if view == "student" else student.full_page(result)
    if form == "markdown":
        make = markdown.student_markdown if view == "student" else markdown.full_markdown
        return make(result)
    if view == "student":
        return text.render(student_view(result))
    return text.render(result, full=True)


def write(content: str, output: Path | None) -> None:
    """Write to the file `output`, or to stdout if it is None. `UsageError` if that fails."""
    if output is None:
        click.echo(content, nl=False)
        return
    try:
        output.write_text(click.unstyle(content), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from None
