"""`grader adjust`: points by hand, with a reason."""

from pathlib import Path

import click

from grader.cli import options


# An argument such as -5 is a number of points, and no option.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", metavar="DIR", type=options.A_PATH)
@click.argument("submission", metavar="[SUBMISSION", required=False)
@click.argument("points", metavar="POINTS]", type=float, required=False)
@click.option("--reason", metavar="TEXT", help="Why; whoever asks about the mark is told.")
@click.option(
    "--challenge", metavar="ID", help="For which challenge, where the submission has several."
)
def command(
    folder: Path,
    submission: str | None,
    points: float | None,
    reason: str | None,
    challenge: str | None,
) -> int:
    """Add POINTS to a SUBMISSION of the run in DIR, or take some away; without them, list all.

    SUBMISSION is a name in summary.csv. An adjustment survives regrades and further runs of the
    batch; its opposite takes it back. Marks with adjustments are in DIR/marks.csv.
    """
    from grader import adjusting
    from grader.cli import exports
    from grader.errors import UsageError
    from grader.reports import adjustments
    from grader.store import FILE, Store

    with Store(folder / FILE, create=False) as store:
        if submission is None:
            click.echo(adjustments.lines(adjusting.listed(store)), nl=False)
            return 0
        if points is None or reason is None:
            raise UsageError(
                "an adjustment needs POINTS and a reason: "
                'grader adjust DIR SUBMISSION POINTS --reason "TEXT"'
            )
        made = adjusting.adjust(store, submission, points, reason, challenge)
        exports.write(store, folder)
        click.echo(f"adjusted: {adjustments.line(made)}")
        return 0
