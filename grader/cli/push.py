"""`grader push`: a run's grades, into a learning platform's gradebook."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli import asking, options

if TYPE_CHECKING:
    from grader.lms.grades import FeedbackKind
    from grader.lms.numbers import OverMax, Scaling

PARTLY_REFUSED = 5
_MODULES = {
    "lti": "grader.lms.push.lti",
    "canvas": "grader.lms.push.canvas",
    "moodle": "grader.lms.push.moodle",
}
"""By platform: where its table of push.toml and its target are declared."""


@click.command()
@click.argument("platform", type=click.Choice(tuple(_MODULES)))
@click.argument("folder", metavar="RUN", type=options.A_PATH)
@click.option(
    "--config",
    metavar="FILE",
    required=True,
    type=options.A_PATH,
    help="A push.toml: which platform, which column, and where the key or token is.",
)
@click.option("--yes", "send", is_flag=True, help="Send. Without it you see what would be sent.")
@click.option("--challenge", metavar="ID", help="Send the marks of one challenge, not the total.")
@click.option(
    "--feedback",
    type=click.Choice(("short", "full", "none")),
    default="short",
    show_default=True,
    help="What students read beside the grade, of their own view.",
)
@click.option(
    "--scale-to", metavar="MAX", help="What full marks are there. Default: the column's maximum."
)
@asking.ROUND
@asking.OVER_MAX
def command(
    platform: str,
    folder: Path,
    config: Path,
    send: bool,
    challenge: str | None,
    feedback: "FeedbackKind",
    scale_to: str | None,
    digits: int,
    over_max: "OverMax",
) -> int:
    """Send the grades of the batch in RUN to a column of a platform's gradebook.

    Without --yes nothing is sent: you see what would change. What the platform has already is not
    sent again, and what was sent is read back. A push that was stopped is gone on with by the same
    command. Exit code 0: the platform has all; 2: the request cannot be met; 5: the platform
    refused or does not know some, or some did not get there.
    """
    from grader.lms import grades
    from grader.lms.push import report, running, settings
    from grader.lms.push.ledger import Ledger
    from grader.lms.push.web import Web
    from grader.store import FILE, Store

    scaling = _scaling(scale_to, digits, over_max)
    module: Any = import_module(_MODULES[platform])
    table = settings.read(config, platform, module.Config)
    with Store(folder / FILE, create=False, write=send) as store, Web() as web:
        wanted = grades.of(store, challenge=challenge, kind=feedback)
        target = module.connect(table, web)
        ledger = Ledger(store, target.place)
        outcomes = running.run(target, wanted, ledger, send=send, scaling=scaling)
        told = report.table(outcomes, target.place)
        if send:
            store.note("push", told.splitlines()[-1])
            store.commit()
    click.echo(told, nl=False)
    return PARTLY_REFUSED if any(each.state in report.TROUBLE for each in outcomes) else 0


def _scaling(scale_to: str | None, digits: int, over_max: "OverMax") -> "Scaling":
    from grader.errors import UsageError
    from grader.lms import numbers

    maximum = None if scale_to is None else numbers.read(scale_to)
    if scale_to is not None and maximum is None:
        raise UsageError(f"--scale-to {scale_to}: expected a number such as 100 or 12.5")
    return numbers.Scaling(maximum, digits, over_max)
