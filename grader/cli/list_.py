"""`grader list`: the challenges there are."""

import json
from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.option("--json", "as_json", is_flag=True, help="An array of {id, title, languages}.")
@options.roots
def command(as_json: bool, roots: tuple[Path, ...]) -> int:
    """List the challenges."""
    from grader.catalog import Catalog
    from grader.reports import challenges

    entries = Catalog(roots).list()
    if as_json:
        click.echo(json.dumps(challenges.as_json(entries), indent=2))
    else:
        click.echo(challenges.as_text(entries))
    return 0
