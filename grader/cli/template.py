"""`grader template`: what a platform's table is, and what would be written into it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import asking, options
from grader.cli.asking import Wishes

if TYPE_CHECKING:
    from typing import Unpack


@click.command()
@click.argument("file", metavar="FILE", type=options.A_PATH)
@click.argument("folder", metavar="[RUN]", required=False, type=options.A_PATH)
@asking.wishes
def command(file: Path, folder: Path | None, **wished: "Unpack[Wishes]") -> int:
    """Say whose table FILE is: its platform, its columns for keys, grades and feedback.

    With RUN, say also what `grader export` with the same options would set, and write nothing.
    """
    from grader.errors import UsageError
    from grader.lms import formats, summary
    from grader.store import FILE, Store

    data = asking.read(file)
    layout = formats.recognise(data)
    if layout is None:
        raise UsageError(
            f"{file.name} is no table that is known; expected one of: "
            + "; ".join(formats.downloads())
        )
    click.echo(summary.table(layout), nl=False)
    if folder is None:
        return 0
    with Store.reading(folder / FILE) as store:
        asked = asking.asked(store, wished, data, "none")
        exported = formats.for_class(layout.format)(asked)
    click.echo(summary.lines(exported), nl=False)
    return 0
