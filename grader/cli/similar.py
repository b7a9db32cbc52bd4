"""`grader similar`: which sources are suspiciously alike."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import options
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.similarity import Source


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=options.A_PATH)
@click.option(
    "--out", metavar="DIR", required=True, type=options.A_PATH, help="Where similarity.html goes."
)
@click.option(
    "--starter",
    "starters",
    metavar="FILE",
    multiple=True,
    type=options.A_PATH,
    help="A file that all were given; what is in it counts nothing. Repeatable.",
)
def command(paths: tuple[Path, ...], out: Path, starters: tuple[Path, ...]) -> int:
    """Compare every file of PATH... (folders are searched) with every other in its language.

    Writes DIR/similarity.html: pairs and clusters that share what few of the class have, side by
    side. It points and does not judge: read both before you conclude anything.
    """
    from grader import discovery, similarity
    from grader.reports import escape, similar, single, table
    from grader.submission import printable_name

    found = discovery.find(paths)
    given = [_source(path, path.name, follow_link=True) for path in starters]
    sources = []
    for task in found.tasks:
        try:
            sources.append(_source(task.path, task.name, follow_link=task.follow_link))
        except UsageError as error:
            found.skipped.append(discovery.Skipped(task.path, str(error)))
    click.echo(table.skipped(found.skipped), nl=False, err=True)
    if len(sources) < 2:
        raise UsageError("there are no two files to compare; name more files, or a folder of them")
    likeness = similarity.find(sources, given)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {out}: {error.strerror}") from None
    single.write(similar.page(likeness, starters=len(given)), out / similar.PAGE)
    click.echo(similar.summary(likeness), nl=False)
    click.echo(f"written to {escape.line(printable_name(str(out / similar.PAGE)))}")
    return 0


def _source(path: Path, name: str, *, follow_link: bool) -> "Source":
    from grader import languages
    from grader.similarity import Source

    read = languages.read(path, name, follow_link=follow_link)
    return Source(name, read.source.decode("utf-8-sig", "replace"), read.language)
