"""`grader verify`: prove challenges fair and sharp."""

import json
import os
from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("challenges", metavar="[CHALLENGE...]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="The certificates for tools.")
@click.option("--details", is_flag=True, help="Which group rejects what, and every equivalent.")
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 64),
    help="Challenges at a time. Default: one per core.",
)
@options.roots
@options.secret_file
@options.box
def command(
    challenges: tuple[str, ...],
    as_json: bool,
    details: bool,
    jobs: int | None,
    roots: tuple[Path, ...],
    secret_file: Path | None,
    tier: str,
    unsafe: bool,
) -> int:
    """Prove every CHALLENGE (all, unless named): fair to what is right, sharp on what is wrong.

    Hidden cases are drawn from your secret if --secret-file or the environment gives one, else
    from a fixed one. Exit code 0: all hold; 1: some do not; 2 and 3 as for `grade`.
    """
    from grader import secret, verify
    from grader.reports import certificate, progress
    from grader.verify import many
    from grader.verify.certificate import as_json as to_json

    given = secret.find(secret_file)
    request = many.Request(challenges, roots, given or verify.SECRET, options.tier_of(tier, unsafe))
    count = len(many.names_of(request))
    done = many.verify_all(request, jobs or len(os.sched_getaffinity(0)))
    shown = progress.shown(done, count, "verifying")
    found = sorted(shown, key=lambda each: each.challenge)
    if as_json:
        click.echo(json.dumps([to_json(each) for each in found], indent=2))
    else:
        click.echo(certificate.render(found, details=details), nl=False)
    return 0 if all(each.holds for each in found) else 1
