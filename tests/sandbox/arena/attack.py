"""An attack as a value: what it does, as the text of a submission, and what it is after."""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

World = dict[str, Any]
"""What an attack is told: where the decoys are. See `world.World.facts`."""

Function = Callable[[World], object]


class Loss(StrEnum):
    """What is lost if the attack gets through; all but the last are judged from outside."""

    SECRET = "secret"
    """It returned the decoys' secret."""
    KNOCK = "knock"
    """A decoy listener heard from it."""
    FILE = "file"
    """A decoy folder is no longer as it was."""
    VICTIM = "victim"
    """The decoy process was ended, stopped or changed."""
    LEFTOVER = "leftover"
    """A process of its own outlived it."""
    STALL = "stall"
    """It never answered and was not caught using CPU time."""
    GRANTED = "granted"
    """The kernel did what it asked for, by its own account: it returned True."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One forbidden act. `as_root`: without protection, only root could do it anyway."""

    name: str
    source: str
    loss: Loss
    as_root: bool = False

    def __str__(self) -> str:
        return self.name


class Attacks(list[Attack]):
    """A list of attacks that are written as functions, one below the other."""

    def costing(self, loss: Loss, *, as_root: bool = False) -> Callable[[Function], Function]:
        """Decorate a function that imports all that it uses: its text is the submission."""

        def collect(function: Function) -> Function:
            self.append(Attack(function.__name__, _submission(function), loss, as_root))
            return function

        return collect


def call(world: World, name: str, *arguments: Any) -> int:
    """Issue one system call, past everything that Python checks. For use in an attack."""
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_long(a) if isinstance(a, int) else a for a in (*arguments, 0, 0, 0, 0, 0, 0)]
    result = int(libc.syscall(ctypes.c_long(world["calls"][name]), *padded[:6]))
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _submission(function: Function) -> str:
    source = text(function)
    helper = text(call) if "call(world" in source else ""
    return "\n\n".join(["from __future__ import annotations", helper, source])


def text(function: Callable[..., object]) -> str:
    """Return the source of a function, without its decorators."""
    lines = textwrap.dedent(inspect.getsource(function)).splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("def "))
    return "".join(lines[start:])
