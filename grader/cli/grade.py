"""`grader grade`: one submission to one result."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from grader.cli import options
from grader.errors import UsageError
from grader.verdict import Verdict

if TYPE_CHECKING:
    from fractions import Fraction

    from grader.reports.single import Form
    from grader.result import SubmissionResult, View

REPORTS = ("text", "json", "html", "markdown")
"""For people and their tools, in either view."""

PLATFORMS = (
    "gradescope",
    "prairielearn",
    "xqueue",
    "coderunner",
    "vpl",
    "github-classroom",
    "autolab",
    "junit",
    "tap",
)
"""For learning platforms (`grader.lms.single`, which takes too long to import for its names)."""

SHARES = ("prairielearn", "coderunner")
"""Platforms that take a share of full marks, from 0 to 1."""

VPL_MAXIMUM = "VPL_GRADEMAX"
"""Where VPL tells an evaluation what the activity's full marks are."""


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
    type=click.Choice([*REPORTS, *PLATFORMS]),
    default="text",
    show_default=True,
    help="A report, or what a learning platform reads: of the student's view, with exit code 0 "
    "whatever the mark.",
)
@click.option(
    "--scale-to",
    metavar="MAX",
    help="What full marks are on the platform. Default: the challenge's own points.",
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
    form: str,
    scale_to: str | None,
    output: Path | None,
    roots: tuple[Path, ...],
    secret_file: Path | None,
    tier: str,
    unsafe: bool,
) -> int:
    """Grade FILE, a submission to CHALLENGE.

    Exit code 0: accepted, or written for a platform; 1: graded but not accepted; 2: the request
    cannot be met; 3: a fault that is not the student's; 130: interrupted.
    """
    from grader import grading, languages

    maximum = _maximum(form, view, scale_to)
    request = grading.Request(languages.read(file), challenge, roots, options.tier_of(tier, unsafe))
    result = grading.grade(request, options.secret_of(secret_file))

    from grader.reports import single

    single.write(_rendered(result, view, form, maximum), output)
    if form in PLATFORMS and result.verdict is not Verdict.JUDGE_ERROR:
        return 0  # the platform reads the mark; to many of them another code is a crash
    return options.exit_code(result.verdict)


def _maximum(form: str, view: "View", scale_to: str | None) -> "Fraction | None":
    """Return what full marks are to be; refuse, before anything runs, what makes no sense."""
    if form in PLATFORMS and view == "instructor":
        raise UsageError(
            f"--format {form} is shown to students, so it has no --view instructor: "
            f"take a format out of {', '.join(REPORTS)} for that"
        )
    if form == "vpl" and scale_to is None and os.environ.get(VPL_MAXIMUM):
        return _read(os.environ[VPL_MAXIMUM], VPL_MAXIMUM)
    if scale_to is None:
        return None
    if form in SHARES or form not in PLATFORMS:
        what = "takes a share from 0 to 1" if form in SHARES else "is a report"
        fit = ", ".join(each for each in PLATFORMS if each not in SHARES)
        raise UsageError(
            f"--scale-to is for a platform's points, and --format {form} {what}: "
            f"leave it out, or take a format out of {fit}"
        )
    return _read(scale_to, "--scale-to")


def _read(number: str, what: str) -> "Fraction":
    from grader.lms import numbers

    found = numbers.read(number)
    if found is None or round(found, numbers.Scaling().digits) <= 0:
        raise UsageError(f"{what} {number}: expected a number of at least 0.01, such as 10 or 2.5")
    return found


def _rendered(
    result: "SubmissionResult", view: "View", form: str, maximum: "Fraction | None"
) -> str:
    if form in PLATFORMS or (form == "markdown" and view == "student"):
        # Markdown for students fits into the summary of a step of GitHub Actions there.
        from grader.lms.numbers import Scaling
        from grader.lms.single import FORMATS

        return FORMATS[form](result, Scaling(maximum))
    from grader.reports import single

    return single.report(result, view, cast("Form", form))
