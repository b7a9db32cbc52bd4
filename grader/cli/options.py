"""Options that several commands share, and what they stand for."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from grader import secret
from grader.verdict import Verdict

ROOTS_VARIABLE = "GRADER_CHALLENGES"
TIERS = ("auto", "full", "no-namespaces", "closed")
UNSAFE = "unsafe"
INTERRUPTED = 130
"""The exit code of a command that Ctrl-C has ended."""
_BANNER = """\
**********************************************************************
*  NO SANDBOX: the submission runs as you and may do what you may.   *
*  Its mark is worth nothing if it was written to cheat.             *
**********************************************************************"""

_Function = TypeVar("_Function", bound=Callable[..., Any])
A_PATH = click.Path(path_type=Path)


def roots(function: _Function) -> _Function:
    return click.option(
        "--challenges",
        "roots",
        metavar="DIR",
        multiple=True,
        type=A_PATH,
        callback=_roots,
        help=f"A further folder of challenges; repeatable. Default: ${ROOTS_VARIABLE}.",
    )(function)


def secret_file(function: _Function) -> _Function:
    return click.option(
        "--secret-file",
        metavar="PATH",
        type=A_PATH,
        help="The secret that hidden cases are drawn from. Default: the text in "
        f"${secret.ENVIRONMENT_VARIABLE}, else one that is made and kept for you.",
    )(function)


def box(function: _Function) -> _Function:
    """Add `--tier` and `--unsafe-no-sandbox`; `tier_of` makes one of both."""
    for add in (
        click.option(
            "--unsafe-no-sandbox",
            "unsafe",
            is_flag=True,
            help="Run submissions without any sandbox, as this user.",
        ),
        click.option(
            "--tier",
            type=click.Choice(TIERS),
            default="auto",
            show_default=True,
            help="The confinement to insist on; auto is the strongest that holds here.",
        ),
    ):
        function = add(function)
    return function


def tier_of(tier: str, unsafe: bool) -> str:
    """Return the tier to open; say loudly on stderr if it is none."""
    if not unsafe:
        return tier
    if tier != "auto":
        raise click.UsageError("--tier and --unsafe-no-sandbox exclude each other")
    click.echo(_BANNER, err=True)
    return UNSAFE


def secret_of(file: Path | None) -> bytes:
    """Find the secret, or make one and say where on stderr."""
    found = secret.find(file)
    if found is not None:
        return found
    kept, made_at = secret.keep()
    if made_at is not None:
        click.echo(
            f"grader: made the secret that hidden cases are drawn from: {made_at} "
            "(keep it: another one draws other cases)",
            err=True,
        )
    return kept


def exit_code(verdict: Verdict) -> int:
    """Return the exit code of one graded submission."""
    if verdict is Verdict.JUDGE_ERROR:
        return 3
    return 0 if verdict is Verdict.ACCEPTED else 1


def _roots(_: click.Context, __: click.Parameter, given: tuple[Path, ...]) -> tuple[Path, ...]:
    named = os.environ.get(ROOTS_VARIABLE, "").split(os.pathsep)
    return given or tuple(Path(each) for each in named if each)
