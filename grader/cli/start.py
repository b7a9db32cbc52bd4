"""`grader start`: a folder to work in."""

from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("challenge")
@click.argument("folder", metavar="[DIR]", required=False, type=options.A_PATH)
@click.option("--language", default="python", show_default=True)
@options.roots
def command(challenge: str, folder: Path | None, language: str, roots: tuple[Path, ...]) -> int:
    """Copy the starter and the statement of CHALLENGE into DIR, by default a new folder here.

    Never overwrites a file.
    """
    from grader import starting
    from grader.catalog import Catalog

    loaded = Catalog(roots).load(challenge)
    for path in starting.copy(loaded, language, folder):
        click.echo(f"wrote {path}")
    click.echo(f"next: write {loaded.challenge.id}, then try it with `grader check FILE`")
    return 0
