"""`grader keys`: the key by which a learning platform knows this tool."""

from pathlib import Path

import click

from grader.cli import options


@click.group()
def command() -> None:
    """Make a key for LTI 1.3, and show its public half."""


@command.command()
@click.option(
    "--out",
    metavar="FILE",
    required=True,
    type=options.A_PATH,
    help="Where the key goes, for its owner alone; never over another file.",
)
def new(out: Path) -> int:
    """Make an RSA key. The platform is given its public half: `grader keys jwks FILE`."""
    from grader.lms.push import keys
    from grader.reports import escape

    keys.new(out)
    shown = escape.line(str(out))
    click.echo(f"{shown}: a key of {keys.BITS} bits; `grader keys jwks` prints its public half")
    return 0


@command.command()
@click.argument("file", metavar="FILE", type=options.A_PATH)
def jwks(file: Path) -> int:
    """Print the public half of the key in FILE, as a JSON Web Key Set for the platform."""
    import json

    from grader.lms.push import keys

    click.echo(json.dumps(keys.jwks(keys.load(file)), indent=2))
    return 0
