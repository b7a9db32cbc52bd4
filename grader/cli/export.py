"""`grader export`: a run's grades as a file that a learning platform takes."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import asking, options
from grader.cli.asking import Wishes
from grader.cli.grade import REPORTS, SHARES
from grader.lms import formats

if TYPE_CHECKING:
    from typing import Unpack

    from grader.lms.grades import FeedbackKind
    from grader.result import SubmissionResult
    from grader.store import Store

SKIPPED = 4


@click.command()
@click.argument("folder", metavar="RUN", type=options.A_PATH)
@click.option(
    "--to",
    "form",
    metavar="FORMAT",
    required=True,
    type=click.Choice([*formats.CLASS, *formats.SINGLE]),
    help=f"For a class: {', '.join(formats.CLASS)}. For one submission: "
    f"{', '.join(formats.SINGLE)}.",
)
@click.option(
    "--template", metavar="FILE", type=options.A_PATH, help="The table that the platform gave."
)
@asking.wishes
@click.option(
    "--feedback",
    type=click.Choice(["short", "full", "none"]),
    help="How much a student is told beside the grade. Default: short, where the format holds any.",
)
@click.option("--submission", metavar="NAME", help="Which submission, for a format of one.")
@click.option("--strict", is_flag=True, help="Exit code 4 if a grade was skipped or is none.")
@click.option(
    "-o", "--output", metavar="OUT", type=options.A_PATH, help="Write to OUT, not to stdout."
)
def command(
    folder: Path,
    form: str,
    template: Path | None,
    feedback: "FeedbackKind | None",
    submission: str | None,
    strict: bool,
    output: Path | None,
    **wished: "Unpack[Wishes]",
) -> int:
    """Write the grades of the run in RUN as FORMAT.

    What to download, how it is graded, what to upload; RUN is made of a download of submissions by
    `grader batch CHALLENGE DOWNLOAD --out RUN`:

    \b
    Canvas       Grades > Export > Export Entire Gradebook
                 grader export RUN --to canvas-csv --template grades.csv --column HW1 -o out.csv
                 Grades > Import
    Moodle       Download grading worksheet
                 grader export RUN --to moodle-worksheet --template worksheet.csv -o out.csv
                 Upload grading worksheet
    Blackboard   Grade Center > Work Offline > Download
                 grader export RUN --to blackboard --template gc.xls --column HW1 -o out.xls
                 Grade Center > Work Offline > Upload
    Brightspace  Enter Grades > Export, with Username and points
                 grader export RUN --to brightspace --template g.csv --match name -o out.csv
                 Enter Grades > Import
    nbgrader     nbgrader export
                 grader export RUN --to nbgrader --template grades.csv --match student_id -o out.csv
                 whatever reads that file
    LTI, Canvas, Moodle, over the network
                 grader push lti|canvas|moodle RUN --config push.toml
                 the same with --yes
    Gradescope   grader package gradescope CHALLENGE --out autograder.zip
                 Configure Autograder
    GitHub Classroom, PrairieLearn: graded where they run
                 grader grade CHALLENGE FILE --format github-classroom >> "$GITHUB_OUTPUT"
                 grader grade CHALLENGE FILE --format prairielearn -o /grade/results/results.json

    Of a template only the cells of grades and feedback change; it is never overwritten unless -o
    names it. Students are found by the platform's key, or by the column that --match names; by
    name only with --match name, and then no two may be called alike. What has no score is skipped,
    never 0. Formats for one submission take --submission NAME, as in summary.csv.

    Exit code 0: written; 2: the request cannot be met; 4: some grades were skipped, or the
    one there is is none (our fault), with --strict.
    """
    from grader.lms import summary
    from grader.store import FILE, Store

    if form in formats.SINGLE:
        _refuse_for_one(form, template, feedback, wished)
        with Store.reading(folder / FILE) as store:
            result, by_hand = _one(store, form, submission, wished["challenge"])
        text = formats.for_one(form)(result, asking.scaling(wished))
        _write(text.encode("utf-8", "replace"), output)
        if by_hand:
            click.echo("grader: points by hand are in no format for one submission", err=True)
        if result.score is None:
            click.echo(f"grader: {result.verdict}: what was written is no mark", err=True)
        return SKIPPED if strict and result.score is None else 0
    kind = _feedback(form, feedback)
    _refuse_for_class(form, template, submission, wished)
    data = None if template is None else asking.read(template)
    with Store.reading(folder / FILE) as store:
        asked = asking.asked(store, wished, data, kind)
        exported = formats.for_class(form)(asked)
    _write(exported.data, output)
    click.echo(summary.lines(exported), nl=False, err=output is None)
    return SKIPPED if strict and exported.left_out else 0


def _one(
    store: "Store", form: str, name: str | None, challenge: str | None
) -> "tuple[SubmissionResult, bool]":
    """Return one submission's result, and whether it has points by hand, which no result holds.

    `UsageError` where it is not plain which one is meant.
    """
    from grader.errors import UsageError
    from grader.lms import grades

    found = [
        mark
        for mark in store.marks()
        if name in (None, mark.name) and challenge in (None, mark.challenge)
    ]
    if len(found) != 1:
        what = f"{len(found)} results" if name is None else f"{len(found)} results of {name!r}"
        raise UsageError(
            f"{form} is for one result, and the run has {what}"
            f"{'' if challenge is None else f' for {challenge!r}'}: say which by --submission "
            "(a name in summary.csv), and by --challenge where it has several"
        )
    result = grades.result_of(store, found[0].submission, found[0].challenge)
    if result is None:
        raise UsageError(f"{found[0].name!r} has no result yet: start the batch again")
    adjusted = (each for each, *_ in store.adjustments(found[0].submission))
    return result, found[0].challenge in adjusted


def _feedback(form: str, wanted: "FeedbackKind | None") -> "FeedbackKind":
    if formats.CLASS[form].feedback:
        return wanted or "short"
    if wanted not in (None, "none"):
        raise click.UsageError(f"{form} holds no feedback: leave --feedback out")
    return "none"


def _refuse_for_class(
    form: str, template: Path | None, submission: str | None, wished: Wishes
) -> None:
    """Refuse options that the format would not heed: nobody shall think that it did."""
    if submission is not None:
        raise click.UsageError(f"{form} is for a class: leave --submission out")
    if formats.CLASS[form].template != "none":
        return
    if template is not None:
        raise click.UsageError(f"{form} fills in no table: leave --template out")
    if wished["column"] or wished["match"] or wished["missing"] != "skip":
        raise click.UsageError(
            f"{form} has a row for each grade of the run: leave --column, --match and --missing out"
        )


def _refuse_for_one(form: str, template: Path | None, feedback: str | None, wished: Wishes) -> None:
    from grader.lms.numbers import Scaling

    given: dict[str, object] = {
        "--template": template,
        "--feedback": feedback,
        "--column": wished["column"],
        "--match": wished["match"],
        "--missing": wished["missing"] != "skip",
        "--decimal-comma": wished["decimal_comma"],
        "--assignment": wished["assignment"],
        "--over-max": wished["over_max"] != "error",  # no result is above its own maximum
        f"--scale-to {asking.COLUMN}": wished["scale_to"] == asking.COLUMN,
    }
    _refuse_needless(given, f"{form} is for one submission and no table")
    if form in (*REPORTS, *SHARES):
        given = {"--scale-to": wished["scale_to"]}
        if form in REPORTS:
            given["--round"] = wished["digits"] != Scaling().digits
        what = "has the challenge's own points" if form in REPORTS else "takes a share from 0 to 1"
        _refuse_needless(given, f"{form} {what}")


def _refuse_needless(given: Mapping[str, object], why: str) -> None:
    needless = [name for name, value in given.items() if value]
    if needless:
        raise click.UsageError(f"{why}: leave {', '.join(needless)} out")


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
        return
    from grader import batch

    batch.write(output, data)
