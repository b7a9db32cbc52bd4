"""A student's file as bytes: reading it from disk, and telling what it wants to be.

Never executes, decodes or follows what it reads. A file in a folder may be hostile too: a
link would hand the judge's own files to a student's report, a FIFO would block for ever and
a folder named `x.py` is no file, so each is told by its open descriptor, not by its name.
"""

import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError

MAX_SOURCE_BYTES = 1_000_000
"""The longest source that is judged; a longer one is read to one byte more, which shows it."""

# Windows has neither of the first two and needs the third; the others need no O_BINARY.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Submission:
    """What a student handed in.

    `name` is how reports call it: printable UTF-8, unique in its batch. `source` holds at
    most `MAX_SOURCE_BYTES + 1` bytes.
    """

    name: str
    source: bytes
    language: str = "python"


def read(
    path: Path, name: str | None = None, *, language: str = "python", follow_link: bool = True
) -> Submission:
    """Read one file. `UsageError` says why it cannot be: missing, a folder, unreadable."""
    source = _read_capped(path, _FLAGS if follow_link else _FLAGS | _NO_LINK)
    return Submission(printable_name(path.name) if name is None else name, source, language)


def printable_name(name: str) -> str:
    """Return `name` as valid UTF-8: bytes of a file name that are not become `\\xNN`.

    >>> print(printable_name("caf\\udce9.py"))
    caf\\xe9.py
    """
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def identifier(name: str) -> str:
    """Return the opaque id of a submission that is known by its name alone."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def snake_case(name: str) -> str:
    """Return an identifier as the same in snake_case.

    >>> snake_case("sgdWithMomentum")
    'sgd_with_momentum'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def entry_points(names: Collection[str], challenges: Iterable[str]) -> list[str]:
    """Return the ids among `challenges` that a source with these names seems to implement."""
    return [each for each in challenges if each in names or snake_case(each) in names]


def _read_capped(path: Path, flags: int) -> bytes:
    try:
        descriptor = os.open(path, flags)
        try:
            _require_regular(path, os.fstat(descriptor).st_mode)
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(MAX_SOURCE_BYTES + 1)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        raise UsageError(_cannot_read(path, error)) from None


def _require_regular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise UsageError(
            f"{_shown(path)} is a folder; name one file, or grade a folder with `grader batch`"
        )
    if not stat.S_ISREG(mode):
        raise UsageError(f"{_shown(path)} is not a regular file; save the submission as one")


def _cannot_read(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{_shown(path)} does not exist; check the name and the folder you are in"
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return f"cannot read {_shown(path)}: {reason}"


def _shown(path: Path) -> str:
    return printable_name(str(path)) or "the empty path"
