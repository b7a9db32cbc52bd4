"""`grader import`: what a platform lets a teacher download, as submissions."""

from datetime import tzinfo
from pathlib import Path

import click

from grader.cli import options

REFUSED = 4
PLATFORMS = (
    *("canvas", "moodle", "gradescope", "blackboard", "brightspace"),
    *("files", "folders"),
)
POLICIES = ("latest", "best", "all")


def _zone(_: click.Context, __: click.Parameter, name: str | None) -> tzinfo | None:
    import zoneinfo

    try:
        return None if name is None else zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        raise click.BadParameter(
            f"{name!r} is no time zone; expected Europe/Berlin or UTC"
        ) from None


@click.command()
@click.argument("source", metavar="SRC", type=options.A_PATH)
@click.option(
    "--out",
    metavar="WORK",
    required=True,
    type=options.A_PATH,
    help="Where manifest.json and submissions/ go; what it holds already is kept.",
)
@click.option(
    "--from",
    "platform",
    type=click.Choice(PLATFORMS),
    help="Insist on a platform, or on a file or a folder per student. Default: by the names.",
)
@click.option(
    "--roster",
    metavar="CSV",
    type=options.A_PATH,
    help="Who is in the class; Moodle's grading worksheet also says who was late.",
)
@click.option(
    "--attempt",
    type=click.Choice(POLICIES),
    default="latest",
    show_default=True,
    help="Which of a student's attempts count.",
)
@click.option(
    "--time-zone",
    "zone",
    metavar="NAME",
    callback=_zone,
    help="Of the platform's clock, where its times say none, such as Europe/Berlin.",
)
@click.option("--strict", is_flag=True, help="Exit code 4 if anything was refused.")
def command(
    source: Path,
    out: Path,
    platform: str | None,
    roster: Path | None,
    attempt: str,
    zone: tzinfo | None,
    strict: bool,
) -> int:
    """Import SRC, a folder, zip or tar of submissions, into WORK.

    Downloads of Canvas, Moodle, Gradescope, Blackboard and Brightspace are recognised; else
    each file or folder is a student's. Importing again adds what is new. Exit code 0: done;
    2: the request cannot be met, or nothing was handed in; 4: something was refused, with
    --strict.
    """
    from grader import intake
    from grader.errors import UsageError
    from grader.reports import intake as report

    taken = intake.take(source, out, platform=platform, roster=roster, attempt=attempt, zone=zone)
    click.echo(report.lines(taken), nl=False, err=True)
    if not taken.here:
        raise UsageError(report.nothing(taken, source))
    click.echo(report.table(taken, out, with_roster=roster is not None), nl=False)
    return REFUSED if strict and taken.intake.refused else 0
