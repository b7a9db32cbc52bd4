"""`grader package`: what a learning platform needs to grade a challenge by itself."""

from fractions import Fraction
from pathlib import Path

import click

from grader.cli import options

PLATFORMS = ("gradescope", "prairielearn")


def _points(_: click.Context, __: click.Parameter, text: str | None) -> Fraction | None:
    from grader.lms import numbers

    points = None if text is None else numbers.read(text)
    if text is not None and (points is None or points <= 0):
        raise click.BadParameter(f"{text!r}: expected a number above 0, such as 20 or 7.5")
    return numbers.Scaling(points).maximum  # as the platform will: one that rounds to 0 is refused


@click.command()
@click.argument("platform", type=click.Choice(PLATFORMS))
@click.argument("challenge")
@click.option(
    "--out",
    metavar="ZIP",
    required=True,
    type=options.A_PATH,
    help="The file to write; one that is there is replaced.",
)
@click.option(
    "--scale-to",
    "scale_to",
    metavar="MAX",
    callback=_points,
    help="What full marks are on Gradescope. Default: the challenge's own points.",
)
@options.roots
@options.secret_file
def command(
    platform: str,
    challenge: str,
    out: Path,
    scale_to: Fraction | None,
    roots: tuple[Path, ...],
    secret_file: Path | None,
) -> int:
    """Pack CHALLENGE, its secret and the grader for PLATFORM.

    The package is made of what is installed here, in its versions. Keep it to yourself: it holds
    the reference and the secret. Exit code 0: written; 2: the request cannot be met.
    """
    from grader.lms import packaging
    from grader.lms.packaging import archive, contents

    secret = options.secret_of(secret_file)
    asked = contents.asked(challenge, roots, secret, scale_to)
    made = packaging.PLATFORMS[platform](asked)
    archive.write(archive.zipped(made.files), out)
    for warning in made.warnings:
        click.echo(f"grader: {warning}", err=True)
    click.echo(f"wrote {out}; it holds the reference and the secret, so keep it from students")
    return 0
