"""`grader doctor`: which confinement holds on this machine."""

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same for tools.")
def command(as_json: bool) -> int:
    """Try every tier of the sandbox on this machine and print what held.

    Exit code 0 if at least one holds, 3 if none does.
    """
    from grader.reports import doctor
    from grader.sandbox import tiers
    from grader.sandbox.box import CellConfig

    reports = tiers.doctor(CellConfig())
    text = json.dumps(doctor.as_json(reports), indent=2) if as_json else doctor.as_text(reports)
    click.echo(text)
    return 0 if any(report.hello for report in reports) else 3
