"""The command line: one module per command, each imported only when it is called.

No command decides anything about grading. Whatever goes wrong ends here as one line on
stderr and an exit code, never as a traceback: 0 accepted or done, 1 graded but not accepted,
2 a request that cannot be met, 3 our own fault, 4 refused by `--strict`, 5 refused by a
platform, 130 interrupted.
"""

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from grader.cli.options import INTERRUPTED
from grader.errors import GraderError
from grader.reports.escape import line

DEBUG_VARIABLE = "GRADER_DEBUG"
INTERNAL_FAULT = 3

BROKEN_PIPE = 141
_MODULES = {
    "list": "list_",  # a module `list` would hide the built-in one in this package
    "show": "show",
    "start": "start",
    "check": "check",
    "grade": "grade",
    "package": "package",
    "import": "import_",  # a word of the language's own
    "batch": "batch",
    "regrade": "regrade",
    "adjust": "adjust",
    "explain": "explain",
    "report": "report",
    "push": "push",
    "keys": "keys",
    "similar": "similar",
    "export": "export",
    "template": "template",
    "verify": "verify",
    "promote": "promote",
    "doctor": "doctor",
}
_MESSAGE_LIMIT = 1000


class Commands(click.Group):
    """The group of all commands; a command is `command` in its module."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _MODULES:
            return None
        command: click.Command = import_module(f"grader.cli.{_MODULES[cmd_name]}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="grader")
def grader() -> None:
    """Grade coding challenges in a sandbox, and explain what is wrong."""


def main() -> None:
    """Run the command line and exit."""
    _start_fast()
    try:
        code = run()
    except BrokenPipeError:
        code = BROKEN_PIPE
    with contextlib.suppress(OSError):
        _flush()
    # An ordinary exit frees every object of numpy and pydantic, which takes 40 ms.
    os._exit(code)


def _start_fast() -> None:
    """Spare the start what it does not need; together about 20 ms of 250."""
    # Nothing here computes with matrices, and the threads for it take time to start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A plugin of pydantic's would be looked for in every installed distribution.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # What is imported stays, and the collector would look at it again and again.
    gc.set_threshold(100_000)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _never_fail_to_print()
    try:
        code = _invoke(sys.argv[1:] if arguments is None else arguments)
        _flush()
        return code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except GraderError as error:
        return _failure(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _failure("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # The reader has what it wanted (`grader list | head`); nothing more can be said to it.
        return BROKEN_PIPE
    except Exception as error:
        return _internal_fault(error)


def _invoke(arguments: Sequence[str]) -> int:
    """Invoke without click's own `main`, whose exit code for a broken pipe is 1: not accepted."""
    try:
        with grader.make_context("grader", list(arguments)) as context:
            return int(grader.invoke(context) or 0)
    except click.exceptions.Exit as end:
        return end.exit_code


def _never_fail_to_print() -> None:
    """Let a character that the terminal's encoding lacks become an escape, not an exception."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a stream that the caller has closed
            stream.flush()


def _internal_fault(error: Exception) -> int:
    if os.environ.get(DEBUG_VARIABLE):
        import traceback

        traceback.print_exception(error)
    return _failure(
        f"internal error: {type(error).__name__}: {error} "
        f"(a fault of grader, not of a submission; {DEBUG_VARIABLE}=1 shows the traceback)",
        INTERNAL_FAULT,
    )


def _failure(message: str, exit_code: int) -> int:
    click.echo(f"grader: {line(message, _MESSAGE_LIMIT)}", err=True)
    return exit_code
