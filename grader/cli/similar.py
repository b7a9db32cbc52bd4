"""`grader similar`: which sources are suspiciously alike."""

from pathlib import Path

import click

from grader.cli import options
from grader.errors import UsageError


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=options.A_PATH)
@click.option(
    "--out",
    metavar="DIR",
    type=options.A_PATH,
    help="Where similarity.html goes. Default: the run's own folder.",
)
@click.option(
    "--starter",
    "starters",
    metavar="FILE",
    multiple=True,
    type=options.A_PATH,
    help="A file that all were given; what is in it counts nothing. Repeatable.",
)
@options.roots
def command(
    paths: tuple[Path, ...], out: Path | None, starters: tuple[Path, ...], roots: tuple[Path, ...]
) -> int:
    """Compare every file of PATH... (folders are searched) with every other in its language.

    A PATH that `grader batch --out` has written stands for the submissions that it has graded,
    each student's latest, and for the starters of their challenge.

    Writes DIR/similarity.html: pairs and clusters that share what few of the class have, side by
    side. It points and does not judge: read both before you conclude anything.
    """
    from grader import comparing, similarity
    from grader.reports import escape, similar, single, table
    from grader.submission import printable_name

    folder = out or _own_folder(paths)
    found = comparing.gather(paths, starters, roots)
    click.echo(table.skipped(found.skipped), nl=False, err=True)
    if len(found.sources) < 2:
        raise UsageError("there are no two files to compare; name more files, or a folder of them")
    likeness = similarity.find(found.sources, found.starters)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror}") from None
    single.write(similar.page(likeness, starters=len(found.starters)), folder / similar.PAGE)
    click.echo(similar.summary(likeness), nl=False)
    click.echo(f"written to {escape.line(printable_name(str(folder / similar.PAGE)))}")
    return 0


def _own_folder(paths: tuple[Path, ...]) -> Path:
    """Return the folder of the only run; `UsageError` where it is not plain which one."""
    from grader import comparing

    if len(paths) == 1 and comparing.is_run(paths[0]):
        return paths[0]
    raise UsageError(
        "say where the page goes: --out DIR; only a single run has a folder of its own"
    )
