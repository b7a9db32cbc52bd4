"""`grader promote`: make a named misconception of a mutant."""

from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("challenge")
@click.argument("mutant")
@click.option("--id", "name", metavar="NAME", help="The misconception's id. Default: the mutant's.")
@options.roots
def command(challenge: str, mutant: str, name: str | None, roots: tuple[Path, ...]) -> int:
    """Write MUTANT of CHALLENGE (an id from an instructor's report) into its files.

    The reference's file gets a variant that makes the change, the spec an entry whose title and
    hint are yours to write; `grader verify` fails until they are.
    """
    from grader import promoting
    from grader.catalog import Catalog

    promoted = promoting.promote(Catalog(roots).load(challenge), mutant, name)
    promoting.write(promoted)
    click.echo(f"{promoted.function}: {promoted.change}")
    for path in promoted.texts:
        click.echo(f"written to {path}")
    click.echo("next: write the title and the hint, add a doctest, run `grader verify`")
    return 0
