"""`grader grade`: one submission to one result."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import options

if TYPE_CHECKING:
    from grader.reports.single import Form
    from grader.result import View


@click.command()
@click.argument("challenge")
@click.argument("file", type=options.A_PATH)
@click.option(
    "--view",
    type=click.Choice(["student", "instructor"]),
    default="student",
    show_default=True,
    help="Whose eyes the report is for; a student's shows no hidden value.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html", "markdown"]),
    default="text",
    show_default=True,
)
@click.option(
    "-o", "--output", metavar="OUT", type=options.A_PATH, help="Write to OUT, not to stdout."
)
@options.roots
@options.secret_file
@options.box
def command(
    challenge: str,
    file: Path,
    view: "View",
    form: "Form",
    output: Path | None,
    roots: tuple[Path, ...],
    secret_file: Path | None,
    tier: str,
    unsafe: bool,
) -> int:
    """Grade FILE, a submission to CHALLENGE.

    Exit code 0: accepted; 1: graded but not accepted; 2: the request cannot be met;
    3: a fault that is not the student's; 130: interrupted.
    """
    from grader import grading, languages

    request = grading.Request(languages.read(file), challenge, roots, options.tier_of(tier, unsafe))
    result = grading.grade(request, options.secret_of(secret_file))

    from grader.reports import single

    single.write(single.report(result, view, form), output)
    return options.exit_code(result.verdict)
