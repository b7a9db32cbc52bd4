"""`grader check`: the visible cases, for students at home."""

from pathlib import Path

import click

from grader.cli import options


@click.command()
@click.argument("names", metavar="[CHALLENGE] FILE", nargs=-1)
@click.option("--watch", is_flag=True, help="Check again whenever FILE is saved; Ctrl-C ends it.")
@options.roots
@options.box
def command(
    names: tuple[str, ...], watch: bool, roots: tuple[Path, ...], tier: str, unsafe: bool
) -> int:
    """Try FILE on the visible cases of CHALLENGE, by default the one that FILE implements.

    Exit codes as for `grade`. Where there is no sandbox (macOS, Windows), your own file
    runs as an ordinary program with a time limit.
    """
    from grader import grading, languages, watching

    challenge, file = _arguments(names)
    wanted = options.tier_of(tier, unsafe)
    again = watching.saved(file) if watch else ()
    request = grading.Request(languages.read(file), challenge, roots, wanted)
    code = 0
    for number, result in enumerate(grading.practise(request, again)):
        if not number and result.sandbox.tier == options.UNSAFE and not unsafe:
            click.echo(
                "grader: no sandbox on this system: your file ran as an ordinary program "
                "(fine for your own code)",
                err=True,
            )
        from grader.reports import single

        if watch:
            click.clear()
        single.write(single.report(result, "student", "text"), None)
        if watch:
            click.echo(f"\nwaiting for {file.name} to be saved; Ctrl-C ends it")
        code = options.exit_code(result.verdict)
    return code


def _arguments(names: tuple[str, ...]) -> tuple[str | None, Path]:
    """Tell the optional first argument from the last; click takes them from the left."""
    if len(names) not in (1, 2):
        raise click.UsageError("name one FILE, and a CHALLENGE before it if you like")
    return (None if len(names) == 1 else names[0]), Path(names[-1])
