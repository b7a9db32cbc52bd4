"""`grader explain`: how a mark came about."""

from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("folder", metavar="DIR", type=options.A_PATH)
@click.argument("submission", metavar="SUBMISSION")
@click.option(
    "--assignment",
    metavar="FILE",
    type=options.A_PATH,
    help="The assignment.toml whose policies apply. Default: the one the run was graded for.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def command(folder: Path, submission: str, assignment: Path | None, as_json: bool) -> int:
    """Say how the mark of a SUBMISSION, or of a student, in the run in DIR came about.

    From the cases and what the judgement depends on, over attempts, lateness and extensions, to
    adjustments by hand and the total. It shows hidden cases: it is for you.
    """
    import json

    from grader import assignment as assignments
    from grader import explained, marks
    from grader.reports import explained as report
    from grader.store import FILE, Store

    given = None if assignment is None else assignments.load(assignment)
    with Store.reading(folder / FILE) as store:
        found = explained.explain(store, submission, marks.rules_of(store, given))
    told = json.dumps(found, indent=1, allow_nan=False) + "\n" if as_json else report.text(found)
    click.echo(told, nl=False)
    return 0
