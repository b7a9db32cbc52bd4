"""`grader check`: the visible cases, for students at home."""

from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("challenge", required=False)
@click.argument("file", type=options.A_PATH)
@options.roots
@options.box
def command(
    challenge: str | None, file: Path, roots: tuple[Path, ...], tier: str, unsafe: bool
) -> int:
    """Try FILE on the visible cases of CHALLENGE, by default the one that FILE implements.

    Exit codes as for `grade`. Where there is no sandbox (macOS, Windows), your own file
    runs as an ordinary program with a time limit.
    """
    from grader import grading, submission

    wanted = options.tier_of(tier, unsafe)
    result = grading.practise(grading.Request(submission.read(file), challenge, roots, wanted))
    if result.sandbox.tier == options.UNSAFE and not unsafe:
        click.echo(
            "grader: no sandbox on this system: your file ran as an ordinary program "
            "(fine for your own code)",
            err=True,
        )

    from grader.reports import single

    single.write(single.report(result, "student", "text"), None)
    return options.exit_code(result.verdict)
