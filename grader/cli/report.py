"""`grader report`: the pages of a batch."""

from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("folder", metavar="DIR", type=options.A_PATH)
@click.option("--title", metavar="TEXT", default="", help="What the class's page is called.")
def command(folder: Path, title: str) -> int:
    """Write a page for the instructor and one for each student, of the batch in DIR.

    DIR/report.html is for you: it shows hidden cases. The pages in DIR/students are for the
    students; those of submissions that are gone are removed. A batch that is still running
    goes on meanwhile, and has pages of what has its mark.
    """
    from grader import batch
    from grader.reports import escape
    from grader.reports.html import folder as pages

    count = pages.write(batch.read(folder), folder, title=title)
    shown = escape.line(str(folder / pages.CLASS_PAGE))
    click.echo(f"{count} submissions: {shown}, and a page for each in {pages.STUDENTS}/")
    return 0
