"""`grader show`: one challenge, as a student may see it."""

from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("challenge")
@options.roots
def command(challenge: str, roots: tuple[Path, ...]) -> int:
    """Show CHALLENGE: its statement, how it is graded, its limits."""
    from grader.catalog import Catalog
    from grader.reports import challenges

    click.echo(challenges.describe(Catalog(roots).load(challenge)))
    return 0
