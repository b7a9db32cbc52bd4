"""The tiers of confinement, and which of them hold on this machine.

Nothing below `closed` is taken unasked: where no tier holds, grading is refused, and the
refusal says what to ask for by name.
"""

import os
import sys
from dataclasses import dataclass

from grader.errors import TierUnavailable, UsageError
from grader.sandbox.box import Box, CellConfig
from grader.sandbox.cell import Cell, Hello
from grader.sandbox.supervisor import Supervisor

TIERS = ("full", "no-namespaces", "closed")
"""Strongest first."""

UNSAFE = "unsafe"
_MACHINES = ("x86_64", "aarch64")


@dataclass(frozen=True, slots=True)
class TierReport:
    """What was seen when one tier was tried: the cell's hello, or why it does not hold."""

    tier: str
    hello: Hello | None
    reason: str | None


def open_box(tier: str, config: CellConfig) -> Box:
    """Return a box of `tier` ("auto", one of `TIERS`, or "unsafe"), started but not awaited."""
    if tier == UNSAFE:
        from grader.sandbox.plain import PlainBox  # its imports would delay every real box

        return PlainBox(config)
    if tier != "auto" and tier not in TIERS:
        raise UsageError(f"unknown tier {tier!r}; there are auto, {', '.join(TIERS)}")
    require_support()
    return Supervisor(TIERS if tier == "auto" else (tier,), config)


def require_support() -> None:
    """Raise `TierUnavailable` where no tier can hold at all."""
    if sys.platform != "linux":
        raise TierUnavailable(
            f"the sandbox needs Linux and this is {sys.platform}: run `grader check` here for "
            "the visible cases, and grade on Linux (a virtual machine or a container will do)"
        )
    if os.uname().machine not in _MACHINES:
        raise TierUnavailable(
            f"the sandbox knows the processors {' and '.join(_MACHINES)}, and this is "
            f"{os.uname().machine}; `--unsafe-no-sandbox` would grade without any confinement"
        )


def doctor(config: CellConfig) -> tuple[TierReport, ...]:
    """Start a cell of every tier, let it attack itself, and tell what held."""
    return tuple(_try(tier, config) for tier in TIERS)


def _try(tier: str, config: CellConfig) -> TierReport:
    try:
        require_support()
        with Cell(tier, config) as cell:
            return TierReport(tier, cell.hello, None)
    except TierUnavailable as error:
        return TierReport(tier, None, str(error))
