"""`grader report`: the pages of a batch."""

from datetime import UTC, datetime
from pathlib import Path

import click

from grader.cli import options
from grader.verdict import ALWAYS_OPEN


@click.command()
@click.argument("folder", metavar="DIR", type=options.A_PATH)
@click.option("--title", metavar="TEXT", default="", help="What the class's page is called.")
def command(folder: Path, title: str) -> int:
    """Write a page for the instructor and one for each student, of the batch in DIR.

    DIR/report.html is for you: it shows hidden cases. The pages in DIR/students are for the
    students; those of submissions that are gone are removed. A batch that is still running
    goes on meanwhile, and has pages of what has its mark.

    Of an assignment, a student's page has every challenge and the total, and each challenge has
    a page of its own beside DIR/report.html. Groups that open after the due date, or when the
    results are published, are open to students once that has been for everybody of the class:
    write the pages again then.
    """
    from grader import batch, marks
    from grader.reports import escape
    from grader.reports.html import folder as pages
    from grader.store import FILE, Store

    shown = escape.line(str(folder / pages.CLASS_PAGE))
    idle: set[str] = set()
    if (folder / FILE).is_file():
        with Store.reading(folder / FILE) as store:
            if store.assignment:
                made = pages.write_assignment(store, folder, title=title, now=datetime.now(UTC))
                click.echo(
                    f"{made.students} students: {shown}, a page for each challenge beside "
                    f"it, and one for each student in {pages.STUDENTS}/"
                )
                for each in sorted(made.opened - ALWAYS_OPEN):
                    click.echo(f"open to students by now: groups that are {each}")
                return 0
            idle = marks.idle(store)
    count = pages.write(batch.read(folder), folder, title=title, idle=idle)
    click.echo(f"{count} submissions: {shown}, and a page for each in {pages.STUDENTS}/")
    return 0
