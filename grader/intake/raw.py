"""What a folder, a zip and a tar have in common: entries, before anybody has judged them.

Values only. An entry is whatever its container says, true or not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

CHUNK_BYTES = 1 << 16
"""Bytes that are unpacked at a time; a bomb is noticed after as many."""


class Broken(Exception):
    """An entry or its container cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One file as its container calls it.

    `chunks` reads it. `packed` is what it takes in the container, None where that cannot be
    told from its neighbours. With `trouble` it must not be read, for that reason.
    """

    name: str
    chunks: Callable[[], Iterator[bytes]]
    packed: int | None = None
    time: datetime | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """The container cannot be read on from here, for a reason; what came before holds."""

    reason: str


def nothing() -> Iterator[bytes]:
    """Read an entry that has no content of its own."""
    return iter(())


def in_trouble(name: str, reason: str) -> Raw:
    """Return an entry that is there and must not be read."""
    return Raw(name, nothing, trouble=reason)
