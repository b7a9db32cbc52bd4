"""The members of a folder, a zip or a tar, one after the other, and why some are refused.

Nothing is written and no name is ever opened: a member is its name, as data, and a way to
its bytes. What is refused costs only itself; the rest goes on.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from grader.errors import UsageError
from grader.intake import folders, names, tars, zips
from grader.intake.limits import Budget, Limits
from grader.intake.raw import Broken, Raw, Stopped
from grader.submission import printable_name


@dataclass(frozen=True, slots=True)
class Member:
    """A file that may be read, once and before the next one is asked for.

    `read` raises `Broken` where the bytes are too many, damaged or out of reach.
    """

    name: str
    read: Callable[[], bytes]
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A member that may not be used: why, and what to do. `whole` is said of the source."""

    name: str
    reason: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A member that nobody needs, and why."""

    name: str
    reason: str


Seen = Member | Refused | Skipped
_ZIP = (b"PK\3\4", b"PK\5\6")


@contextmanager
def opened(source: Path, limits: Limits | None = None) -> Iterator[Iterator[Seen]]:
    """Open a folder, a zip or a tar; `UsageError` if it is none of them or cannot be read."""
    limits = limits or Limits()
    if source.is_dir():
        entries = _first_checked(folders.entries(source), source)
        yield judged(entries, limits, shown(source))
        return
    try:
        file = source.open("rb")
    except OSError as error:
        raise UsageError(f"cannot read {shown(source)}: {error.strerror}") from None
    with file:
        yield judged(_first_checked(_unpacked(file, limits), source), limits, shown(source))


def judged(entries: Iterator[Raw | Stopped], limits: Limits, source: str) -> Iterator[Seen]:
    """Judge each entry by its name, its kind and what came before it."""
    budget = Budget(limits)
    earlier: dict[str, str] = {}
    for count, entry in enumerate(entries, 1):
        if isinstance(entry, Stopped):
            yield Refused(source, f"{entry.reason}; the files before it are taken", whole=True)
        elif count > limits.members:
            reason = f"holds over {limits.members} files: import it in parts"
            yield Refused(source, reason, whole=True)
            return
        else:
            yield _judged(entry, earlier, budget)


def shown(source: Path) -> str:
    """Return a path of the instructor's for a sentence."""
    return printable_name(str(source))


def _judged(entry: Raw, earlier: dict[str, str], budget: Budget) -> Seen:
    name = names.plain(entry.name)
    if reason := names.problem(entry.name):
        return Refused(entry.name, reason)
    if reason := names.junk(name):
        return Skipped(name, reason)
    if reason := entry.trouble or _collision(name, earlier) or names.nested(name):
        return Refused(name, reason)
    read = partial(_collected, budget, entry)
    return Member(name, read, entry.time)


def _collected(budget: Budget, entry: Raw) -> bytes:
    return budget.collect(entry.chunks(), entry.packed)


def _collision(name: str, earlier: dict[str, str]) -> str | None:
    identity = names.identity(name)
    if identity not in earlier:
        earlier[identity] = name
        return None
    if name == earlier[identity]:
        return "the name is there twice; the first is taken: pack each file once"
    return (
        f"some systems take the name for {earlier[identity]!r}, which is taken: rename one of them"
    )


def _unpacked(file: BinaryIO, limits: Limits) -> Iterator[Raw | Stopped]:
    if file.read(4) in _ZIP:
        return zips.entries(file, limits.members)
    return tars.entries(file, limits)


def _first_checked(entries: Iterable[Raw | Stopped], source: Path) -> Iterator[Raw | Stopped]:
    """Yield the entries; a source that cannot even be opened is a wrong request."""
    try:
        yield from entries
    except Broken as error:
        raise UsageError(f"{shown(source)} {error}") from None
